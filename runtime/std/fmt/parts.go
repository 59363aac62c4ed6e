// Calls with a constant format, taken apart by the compiler: `fmt.Printf("x=%d %s\n", x, s)` becomes
//
//	p := newPrinter()
//	partDecimal(p, "x=", int64(x))
//	partString(p, " ", s)
//	partsPrint(p, "\n")
//
// so that a program has only the verbs that it uses, operands need no interface, and the format is not read while the
// program runs. Verbs and operands that are not here go the way of Go's library (irgen's format.rs decides).
//
// Each function writes the text before the verb first.

package fmt

import (
	"errors"
	"io"
	"os"
	"reflect"
)

// The bits of partFlags.
const (
	flagSharp = 1 << iota
	flagZero
	flagPlus
	flagMinus
	flagSpace
	flagPlusV
	flagWidth
	flagPrecision
)

// partFlags sets flags, width and precision of the verb to come; all zero for a plain one.
func partFlags(p *pp, flags, width, precision int) {
	p.fmt.clearflags()
	p.fmt.sharp = flags&flagSharp != 0
	p.fmt.zero = flags&flagZero != 0
	p.fmt.plus = flags&flagPlus != 0
	p.fmt.minus = flags&flagMinus != 0
	p.fmt.space = flags&flagSpace != 0
	p.fmt.plusV = flags&flagPlusV != 0
	p.fmt.widPresent = flags&flagWidth != 0
	p.fmt.precPresent = flags&flagPrecision != 0
	p.fmt.wid = width
	p.fmt.prec = precision
}

func partString(p *pp, before, s string) {
	p.buf.writeString(before)
	p.fmt.fmtS(s)
}

func partQuoted(p *pp, before, s string) {
	p.buf.writeString(before)
	p.fmt.fmtQ(s)
}

func partHex(p *pp, before, s string, upper bool) {
	p.buf.writeString(before)
	p.fmt.fmtSx(s, digitsOf(upper))
}

func partBytes(p *pp, before string, b []byte) {
	p.buf.writeString(before)
	p.fmt.fmtBs(b)
}

func partQuotedBytes(p *pp, before string, b []byte) {
	p.buf.writeString(before)
	p.fmt.fmtQ(string(b))
}

func partHexBytes(p *pp, before string, b []byte, upper bool) {
	p.buf.writeString(before)
	p.fmt.fmtBx(b, digitsOf(upper))
}

func digitsOf(upper bool) string {
	if upper {
		return udigits
	}
	return ldigits
}

func partBool(p *pp, before string, v bool) {
	p.buf.writeString(before)
	p.fmt.fmtBoolean(v)
}

func partDecimal(p *pp, before string, v int64) {
	p.buf.writeString(before)
	p.fmt.fmtInteger(uint64(v), 10, signed, 'd', ldigits)
}

func partUnsigned(p *pp, before string, v uint64) {
	p.buf.writeString(before)
	p.fmt.fmtInteger(v, 10, unsigned, 'd', ldigits)
}

// partBased has the verbs b, o, O, x and X.
func partBased(p *pp, before string, v uint64, base int, isSigned bool, verb rune) {
	p.buf.writeString(before)
	p.fmt.fmtInteger(v, base, isSigned, verb, digitsOf(verb == 'X'))
}

func partRune(p *pp, before string, v uint64) {
	p.buf.writeString(before)
	p.fmt.fmtC(v)
}

func partQuotedRune(p *pp, before string, v uint64) {
	p.buf.writeString(before)
	p.fmt.fmtQc(v)
}

func partUnicode(p *pp, before string, v uint64) {
	p.buf.writeString(before)
	p.fmt.fmtUnicode(v)
}

// partFloat takes a precision for verbs without one: -1 is as many digits as it takes.
func partFloat(p *pp, before string, v float64, size int, verb rune, precision int) {
	p.buf.writeString(before)
	p.fmt.fmtFloat(v, size, verb, precision)
}

func partType(p *pp, before string, v any) {
	p.buf.writeString(before)
	if v == nil {
		p.fmt.padString(nilAngleString)
		return
	}
	p.fmt.fmtS(reflect.TypeOf(v).String())
}

// partMethod is for the verbs v, s and w of an operand that formats itself, is an error or has a method String; and
// for all verbs of one that formats itself.
func partMethod(p *pp, before string, v any, verb rune) {
	p.buf.writeString(before)
	if text, ok := textOf(p, v, verb); ok {
		p.fmt.fmtS(text)
	}
}

func partQuotedMethod(p *pp, before string, v any) {
	p.buf.writeString(before)
	if text, ok := textOf(p, v, 'q'); ok {
		p.fmt.fmtQ(text)
	}
}

// textOf is the text of an operand by its methods, if that is still to be written.
func textOf(p *pp, v any, verb rune) (text string, ok bool) {
	if v == nil {
		if verb == 'v' {
			p.fmt.padString(nilAngleString)
		} else {
			p.buf.writeString(percentBangString)
			p.buf.writeRune(verb)
			p.buf.writeString("(<nil>)")
		}
		return "", false
	}
	if verb == 'w' {
		verb = 'v'
	}
	switch v := v.(type) {
	case Formatter:
		defer caught(p, v, verb, "Format")
		v.Format(p, verb)
	case error:
		defer caught(p, v, verb, "Error")
		return v.Error(), true
	case Stringer:
		defer caught(p, v, verb, "String")
		return v.String(), true
	}
	return "", false
}

// caught says in the text that a method has panicked. A nil pointer is likely to be the cause of that.
func caught(p *pp, v any, verb rune, method string) {
	reason := recover()
	if reason == nil {
		return
	}
	if v := reflect.ValueOf(v); v.Kind() == reflect.Pointer && v.IsNil() {
		p.buf.writeString(nilAngleString)
		return
	}
	if p.panicking {
		panic(reason)
	}
	flags := p.fmt.fmtFlags
	p.fmt.clearflags()
	p.buf.writeString(percentBangString)
	p.buf.writeRune(verb)
	p.buf.writeString(panicString)
	p.buf.writeString(method)
	p.buf.writeString(" method: ")
	p.panicking = true
	switch reason := reason.(type) {
	case error:
		partMethod(p, "", reason, 'v')
	case string:
		p.buf.writeString(reason)
	default:
		partOther(p, reason)
	}
	p.panicking = false
	p.buf.writeByte(')')
	p.fmt.fmtFlags = flags
}

// partOther prints the value of a panic that is neither a string nor an error. The compiler leaves it out of programs
// that do not panic with such values (irgen's panics.rs).
func partOther(p *pp, v any) {
	p.printArg(v, 'v')
}

func partsString(p *pp, after string) string {
	p.buf.writeString(after)
	s := string(p.buf)
	p.free()
	return s
}

func partsError(p *pp, after string) error {
	return errors.New(partsString(p, after))
}

// partsWrap is the error of a format with one verb w.
func partsWrap(p *pp, after string, err error) error {
	return &wrapError{partsString(p, after), err}
}

func partsWrite(p *pp, after string, w io.Writer) (n int, err error) {
	p.buf.writeString(after)
	n, err = w.Write(p.buf)
	p.free()
	return n, err
}

func partsPrint(p *pp, after string) (n int, err error) {
	return partsWrite(p, after, os.Stdout)
}

func partsAppend(p *pp, after string, b []byte) []byte {
	p.buf.writeString(after)
	b = append(b, p.buf...)
	p.free()
	return b
}
