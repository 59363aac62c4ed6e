package runtime

// Error identifies a run-time error.
type Error interface {
	error

	// RuntimeError distinguishes run-time errors from other errors; it does nothing.
	RuntimeError()
}

// errorString is a run-time error whose text begins with "runtime error: ".
type errorString string

func (e errorString) RuntimeError() {}
func (e errorString) Error() string { return "runtime error: " + string(e) }

// plainError is a run-time error without that prefix.
type plainError string

func (e plainError) RuntimeError() {}
func (e plainError) Error() string { return string(e) }

// boundsError is an index or slice expression out of range.
type boundsError struct {
	x      int64
	y      int
	signed bool
	code   uint8
}

func (e boundsError) RuntimeError() {}

func (e boundsError) Error() string {
	var buf [96]byte
	return string(append([]byte("runtime error: "), e.format(buf[:0])...))
}

// The numbers of ir::Check.
const (
	checkIndex = iota
	checkSliceAlen
	checkSliceAcap
	checkSliceB
	checkSlice3Alen
	checkSlice3Acap
	checkSlice3B
	checkSlice3C
	checkSliceConvert
)

// format appends the text without "runtime error: ".
func (e boundsError) format(b []byte) []byte {
	if e.code == checkSliceConvert {
		b = append(b, "cannot convert slice with length "...)
		b = appendInt(b, int64(e.y), true)
		b = append(b, " to array or pointer to array with length "...)
		return appendInt(b, e.x, e.signed)
	}
	if e.code == checkIndex {
		b = append(b, "index out of range ["...)
	} else {
		b = append(b, "slice bounds out of range ["...)
	}
	negative := e.signed && e.x < 0
	switch e.code {
	case checkSliceAlen, checkSliceAcap, checkSlice3B:
		b = append(b, ':')
	case checkSlice3Alen, checkSlice3Acap:
		b = append(b, "::"...)
	}
	b = appendInt(b, e.x, e.signed)
	switch e.code {
	case checkSliceB, checkSlice3B, checkSlice3C:
		b = append(b, ':')
		if !negative {
			b = appendInt(b, int64(e.y), true)
		}
		if e.code == checkSlice3C {
			b = append(b, ':')
		}
		return append(b, ']')
	}
	b = append(b, ']')
	if negative {
		return b
	}
	if e.code == checkSliceAcap || e.code == checkSlice3Acap {
		b = append(b, " with capacity "...)
	} else {
		b = append(b, " with length "...)
	}
	return appendInt(b, int64(e.y), true)
}

// appendInt appends a decimal number; unsigned ones are given as their bits.
func appendInt(b []byte, v int64, signed bool) []byte {
	u := uint64(v)
	if signed && v < 0 {
		b = append(b, '-')
		u = -u
	}
	var digits [20]byte
	i := len(digits)
	for {
		i--
		digits[i] = byte('0' + u%10)
		u /= 10
		if u == 0 {
			return append(b, digits[i:]...)
		}
	}
}

// A TypeAssertionError explains a failed type assertion.
type TypeAssertionError struct {
	_interface    *_type
	concrete      *_type
	asserted      *_type
	missingMethod string
}

func (*TypeAssertionError) RuntimeError() {}

func (e *TypeAssertionError) Error() string {
	inter := "interface"
	if e._interface != nil {
		inter = typeString(e._interface)
	}
	as := typeString(e.asserted)
	if e.concrete == nil {
		return "interface conversion: " + inter + " is nil, not " + as
	}
	cs := typeString(e.concrete)
	if e.missingMethod != "" {
		return "interface conversion: " + cs + " is not " + as + ": missing method " + e.missingMethod
	}
	if cs == as {
		return "interface conversion: " + inter + " is " + cs + ", not " + as + " (types from different scopes)"
	}
	return "interface conversion: " + inter + " is " + cs + ", not " + as
}

// A PanicNilError happens when code calls panic(nil).
type PanicNilError struct {
	_ [0]func() // not comparable
}

func (*PanicNilError) Error() string { return panicNilText }
func (*PanicNilError) RuntimeError() {}

type stringer interface{ String() string }

// What package math/bits panics with.
var (
	overflowError = error(errorString("integer overflow"))
	divideError   = error(errorString("integer divide by zero"))
)
