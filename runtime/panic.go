package runtime

import "unsafe"

// deferRecord is one deferred call.
type deferRecord struct {
	next *deferRecord
	fn   func()
}

// _panic is a panic in progress; it lives on the stack of gopanic.
type _panic struct {
	link      *_panic
	value     any
	recovered bool
	repanics  bool // was raised again with the same value after a recover
	goexit    bool
}

// recoverToken is the panic that a deferred function may recover, set just for its entry.
var recoverToken uintptr

func deferEnter(f *deferFrame) {
	f.parent = curg.frames
	f.head = nil
	curg.frames = f
}

func deferPush(f *deferFrame, d *deferRecord, fn func()) {
	d.fn = fn
	d.next = f.head
	f.head = d
}

func deferReturn(f *deferFrame) {
	for f.head != nil {
		d := f.head
		f.head = d.next
		d.fn()
	}
	curg.frames = f.parent
}

// nilPanics: GODEBUG has panicnil=1, so that nil is a panic's argument like any other. It counts once the program has set
// the variable: looking into the environment at the first panic(nil) would cost every program that panics.
var nilPanics bool

// gopanic runs the deferred calls on top of the panicking function. When one of them recovers, the function that deferred
// it goes on (goOn): gopanic returns only where that takes returns.
func gopanic(v any) {
	if v == nil && !nilPanics {
		v = new(PanicNilError)
	}
	if !hasDefers {
		printstring("panic: ")
		printPanicValue(v)
		fatalEnd()
	}
	var p _panic
	p.value = v
	if q := curg.panics; q != nil && q.recovered && efaceeqSafe(q.value, v) {
		p.repanics = true
	}
	pin()
	runPanic(&p)
	if hasRecover && isUnwinding() {
		unpin()
		return
	}
	fatalPanics(&p)
}

// runPanic runs the deferred calls of the goroutine until one recovers from p.
func runPanic(p *_panic) {
	p.link = curg.panics
	curg.panics = p
	for f := curg.frames; f != nil; f = f.parent {
		curg.frames = f
		for f.head != nil {
			d := f.head
			f.head = d.next
			if hasRecover {
				recoverToken = uintptr(unsafe.Pointer(p))
			}
			d.fn()
			if hasRecover {
				if isUnwinding() {
					return
				}
				recoverToken = 0
				if p.recovered && !p.goexit {
					// Panics whose gopanic is below that activation on the stack are over.
					for q := p; q != nil && uintptr(unsafe.Pointer(q)) < uintptr(unsafe.Pointer(f)); q = q.link {
						curg.panics = q.link
					}
					goOn(f)
					return
				}
			}
		}
	}
	curg.frames = nil
}

// gorecover ends the panic that the token of a deferred function stands for.
func gorecover(token uintptr) any {
	p := curg.panics
	if token == 0 || uintptr(unsafe.Pointer(p)) != token || p.recovered || p.goexit {
		return nil
	}
	p.recovered = true
	return p.value
}

// efaceeqSafe is efaceeq without panics.
func efaceeqSafe(a, b any) bool {
	x, y := (*eface)(unsafe.Pointer(&a)), (*eface)(unsafe.Pointer(&b))
	return x.typ == y.typ && x.data == y.data
}

// fatalPanics prints the panics of the goroutine, oldest first, and ends the program.
func fatalPanics(p *_panic) {
	printPanics(p)
	fatalTrace()
	exit(2)
}

func printPanics(p *_panic) {
	if p.link != nil {
		printPanics(p.link)
		if !p.link.goexit && !p.repanics {
			printstring("\t")
		}
	}
	if p.goexit || p.repanics && p.link != nil {
		return
	}
	printstring("panic: ")
	printPanicValue(p.value)
	if p.recovered {
		printstring(" [recovered")
		if q := curg.panics; q != nil && q.repanics && q.link == p {
			printstring(", repanicked")
		}
		printstring("]")
	}
	printnl()
}

// fatalTrace prints what Go's stack trace begins with, and, where the program knows its calls, all of it.
func fatalTrace() {
	printstring("\ngoroutine ")
	printuint32(curg.number())
	printstring(" [running]:\n")
	if hasCallTable && printsTrace != 0 {
		printTrace()
	}
}

// printPanicValue prints the argument of an uncaught panic. The compiler drops the cases of types that no panic has.
func printPanicValue(v any) {
	switch v := v.(type) {
	case nil:
		printstring("nil")
	case error:
		printIndented(v.Error())
	case stringer:
		printIndented(v.String())
	case string:
		printIndented(v)
	case bool:
		printbool(v)
	case int:
		printint64(int64(v))
	case int8:
		printint64(int64(v))
	case int16:
		printint64(int64(v))
	case int32:
		printint64(int64(v))
	case int64:
		printint64(v)
	case uint:
		printuint64(uint64(v))
	case uint8:
		printuint64(uint64(v))
	case uint16:
		printuint64(uint64(v))
	case uint32:
		printuint64(uint64(v))
	case uint64:
		printuint64(v)
	case uintptr:
		printuint64(uint64(v))
	case float32:
		printfloat32(v)
	case float64:
		printfloat64(v)
	case complex64:
		printcomplex64(v)
	case complex128:
		printcomplex128(v)
	default:
		printAnyValue(v)
	}
}

// printIndented prints a text whose later lines are indented by a tab.
func printIndented(s string) {
	for i := 0; i < len(s); i++ {
		if s[i] == '\n' {
			printstring(s[:i])
			printstring("\n\t")
			s, i = s[i+1:], -1
		}
	}
	printstring(s)
}

// printAnyValue prints values of named basic types with the type around them, all others as type and address.
func printAnyValue(v any) {
	e := (*eface)(unsafe.Pointer(&v))
	t, p := e.typ, e.data
	kind := t.kind & kindMask
	if kind > kindComplex128 && kind != kindString {
		printstring("(")
		printstring(typeString(t))
		printstring(") ")
		printpointer(p)
		return
	}
	printstring(typeString(t))
	printstring("(")
	if kind == kindString {
		printstring("\"")
		printIndented(*(*string)(p))
		printstring("\"")
	} else {
		printBasic(kind, p)
	}
	printstring(")")
}

func printBasic(kind uint8, p unsafe.Pointer) {
	switch kind {
	case kindBool:
		printbool(*(*bool)(p))
	case kindInt:
		printint64(int64(*(*int)(p)))
	case kindInt8:
		printint64(int64(*(*int8)(p)))
	case kindInt16:
		printint64(int64(*(*int16)(p)))
	case kindInt32:
		printint64(int64(*(*int32)(p)))
	case kindInt64:
		printint64(*(*int64)(p))
	case kindUint:
		printuint64(uint64(*(*uint)(p)))
	case kindUint8:
		printuint64(uint64(*(*uint8)(p)))
	case kindUint16:
		printuint64(uint64(*(*uint16)(p)))
	case kindUint32:
		printuint64(uint64(*(*uint32)(p)))
	case kindUint64:
		printuint64(*(*uint64)(p))
	case kindUintptr:
		printuint64(uint64(*(*uintptr)(p)))
	case kindFloat32:
		printfloat32(*(*float32)(p))
	case kindFloat64:
		printfloat64(*(*float64)(p))
	case kindComplex64:
		printcomplex64(*(*complex64)(p))
	case kindComplex128:
		printcomplex128(*(*complex128)(p))
	}
}

// raise panics with a run-time error where somebody could notice, and else prints it and ends: programs without defer
// then need no error values, no interfaces and no type descriptors.
func raise(text string) {
	if hasDefers {
		gopanic(errorString(text))
		return
	}
	fatalRuntimeError(text)
}

func fatalRuntimeError(text string) { fatal("panic: runtime error: ", text) }

// fatal ends the program with a message in two parts.
func fatal(kind, text string) {
	printstring(kind)
	printstring(text)
	fatalEnd()
}

// fatalEnd ends the program behind a message.
func fatalEnd() {
	printnl()
	fatalTrace()
	exit(2)
}

func panicNil() {
	raise("invalid memory address or nil pointer dereference")
}

func panicDivide() { raise("integer divide by zero") }
func panicShift()  { raise("negative shift amount") }

func panicMakeSlice(what string) { raise("makeslice: " + what + " out of range") }

// panicPlain panics with a text that has no "runtime error: " before it.
func panicPlain(text string) {
	if hasDefers {
		gopanic(plainError(text))
		return
	}
	fatal("panic: ", text)
}

// panicBounds reports a failed ir::Check; bit 7 of the code says that x is unsigned.
func panicBounds(x, y int, code uint8) {
	wide := int64(x)
	if code&0x80 != 0 {
		wide = int64(uint(x))
	}
	boundsFailed(wide, y, code)
}

// panicBoundsWide is panicBounds for an x wider than int.
func panicBoundsWide(x int64, y int, code uint8) { boundsFailed(x, y, code) }

func boundsFailed(x int64, y int, code uint8) {
	e := boundsError{x: x, y: y, signed: code&0x80 == 0, code: code & 0x7f}
	if hasDefers {
		gopanic(e)
		return
	}
	var buf [80]byte
	b := e.format(buf[:0])
	fatalRuntimeError(unsafe.String(unsafe.SliceData(b), len(b)))
}

func panicUnsafeSlice(code uint8) {
	switch code {
	case 0:
		raise("unsafe.Slice: len out of range")
	case 1:
		raise("unsafe.Slice: ptr is nil and len is not zero")
	case 2:
		raise("unsafe.String: len out of range")
	default:
		raise("unsafe.String: ptr is nil and len is not zero")
	}
}

func panicRangeState(state int) {
	if state == 0 {
		raise("range function continued iteration after function for loop body returned false")
	} else {
		raise("range function continued iteration after whole loop exit")
	}
}

// throw ends the program: an error that cannot be recovered.
func throw(text string) { fatal("fatal error: ", text) }

// Goexit ends the goroutine that calls it, after its deferred calls.
func Goexit() {
	var p _panic
	p.goexit = true
	runPanic(&p)
	curg.panics = nil
	if curg == &g0 {
		mainExited = true
	}
	exitg()
}
