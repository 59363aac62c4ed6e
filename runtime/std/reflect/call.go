package reflect

import (
	"internal/abi"
	"unsafe"
)

// Calls go through trampolines that the compiler makes for each func type (abi.FuncCalls), instead of through assembly
// that knows the machine's calling convention.

// callsOf returns the trampolines of a func type, nil for types that no compiled code has: those of FuncOf. The
// compiler makes trampolines for programs that reach this function.
//
//go:noinline
func callsOf(t *funcType) *abi.FuncCalls {
	// FuncOf copies the descriptor of another type.
	if calls := t.Calls; calls != nil && calls.Type == t {
		return calls
	}
	return nil
}

// madeFunc is a func value made here; compiled code calls it through the stub, which collects the frame.
type madeFunc struct {
	stub uintptr
	call func(frame unsafe.Pointer)
}

func makeFunc(t *funcType, call func(frame unsafe.Pointer)) Value {
	made := &madeFunc{call: call}
	if calls := callsOf(t); calls != nil {
		made.stub = calls.Stub
	}
	return Value{t.Common(), unsafe.Pointer(made), flag(Func)}
}

// place is where a part of a frame lies.
type place struct {
	typ    *abi.Type
	offset uintptr
}

// framePlaces lays out the parameters and the results of a func type like the fields of a struct.
func framePlaces(t *funcType) (params, results []place, size uintptr) {
	ins, outs := t.InSlice(), t.OutSlice()
	all := make([]place, 0, len(ins)+len(outs))
	for i := 0; i < len(ins)+len(outs); i++ {
		var typ *abi.Type
		if i < len(ins) {
			typ = ins[i]
		} else {
			typ = outs[i-len(ins)]
		}
		size = align(size, uintptr(typ.Align_))
		all = append(all, place{typ, size})
		size += typ.Size_
	}
	return all[:len(ins)], all[len(ins):], size
}

// newFrame makes a frame; any word of it may be a pointer.
func newFrame(size uintptr) unsafe.Pointer {
	const word = unsafe.Sizeof(uintptr(0))
	return unsafe.Pointer(unsafe.SliceData(make([]unsafe.Pointer, size/word+1)))
}

// method is a method that was found for a receiver.
type method struct {
	typ  *funcType // without the receiver
	code *uintptr
	recv unsafe.Pointer // the data word of an interface
}

// findMethod is methodReceiver if the program asks for methods by number or name anywhere. Else no Value is a method,
// and the compiler drops what deals with them.
var findMethod func(op string, v Value, i int) method

// methodReceiver finds method i of a value. Programs that reach it keep all exported methods of values in interfaces.
//
//go:noinline
func methodReceiver(op string, v Value, i int) method {
	typ := v.typ()
	if typ.Kind() == abi.Interface {
		t := (*interfaceType)(unsafe.Pointer(typ))
		if uint(i) >= uint(len(t.Methods)) {
			panic("reflect: internal error: invalid method index")
		}
		m := &t.Methods[i]
		if !t.nameOff(m.Name).IsExported() {
			panic("reflect: " + op + " of unexported method")
		}
		value := (*nonEmptyInterface)(v.ptr)
		if value.itab == nil {
			panic("reflect: " + op + " of method on nil interface value")
		}
		code := (*uintptr)(unsafe.Add(unsafe.Pointer(&value.itab.Fun), uintptr(i)*unsafe.Sizeof(uintptr(0))))
		return method{(*funcType)(unsafe.Pointer(t.typeOff(m.Typ))), code, value.word}
	}
	methods := typ.ExportedMethods()
	if uint(i) >= uint(len(methods)) {
		panic("reflect: internal error: invalid method index")
	}
	m := &methods[i]
	if !nameOffFor(typ, m.Name).IsExported() {
		panic("reflect: " + op + " of unexported method")
	}
	code := new(uintptr)
	*code = uintptr(textOffFor(typ, m.Ifn))
	recv := v.ptr
	if v.flag&flagIndir != 0 && typ.IsDirectIface() {
		recv = *(*unsafe.Pointer)(v.ptr)
	}
	return method{(*funcType)(unsafe.Pointer(typeOffFor(typ, m.Mtyp))), code, recv}
}

// Method returns v's method number i, counted in sorted order, as a function bound to v. It panics if i is out of range
// or if v is a nil interface.
func (v Value) Method(i int) Value {
	typ := v.typ()
	if typ == nil {
		panic(&ValueError{"reflect.Value.Method", Invalid})
	}
	if v.flag&flagMethod != 0 || uint(i) >= uint(toRType(typ).NumMethod()) {
		panic("reflect: Method index out of range")
	}
	if typ.Kind() == abi.Interface && v.IsNil() {
		panic("reflect: Method on nil interface value")
	}
	findMethod = methodReceiver
	fl := v.flag&flagIndir | v.flag.ro() | flag(Func) | flagMethod | flag(i)<<flagMethodShift
	return Value{typ, v.ptr, fl}
}

// Method returns method i of the type. Its Func takes the receiver first.
func (t *rtype) Method(i int) (m Method) {
	if t.Kind() == Interface {
		return (*interfaceType)(unsafe.Pointer(t)).Method(i)
	}
	methods := t.exportedMethods()
	if i < 0 || i >= len(methods) {
		panic("reflect: Method index out of range")
	}
	ft := (*funcType)(unsafe.Pointer(t.typeOff(methods[i].Mtyp)))
	in, out := []Type{t}, []Type(nil)
	for _, param := range ft.InSlice() {
		in = append(in, toRType(param))
	}
	for _, result := range ft.OutSlice() {
		out = append(out, toRType(result))
	}
	typ := FuncOf(in, out, ft.IsVariadic())
	m.Name = t.nameOff(methods[i].Name).Name()
	m.Type = typ
	m.Index = i
	m.Func = MakeFunc(typ, func(args []Value) []Value {
		bound := args[0].Method(i)
		if ft.IsVariadic() {
			return bound.CallSlice(args[1:])
		}
		return bound.Call(args[1:])
	})
	if code := methods[i].Tfn; code != 0 {
		// Who calls it as a func value calls the method at once, and its address is that of the method expression.
		(*madeFunc)(m.Func.ptr).stub = uintptr(t.textOff(code))
	}
	return m
}

// call does Call and CallSlice.
func (v Value) call(op string, in []Value) []Value {
	t := (*funcType)(unsafe.Pointer(v.typ()))
	var m method
	var fn unsafe.Pointer
	if v.flag&flagMethod != 0 {
		m = findMethod(op, v, int(v.flag)>>flagMethodShift)
		t = m.typ
	} else {
		fn = v.ptr
		if v.flag&flagIndir != 0 {
			fn = *(*unsafe.Pointer)(fn)
		}
		if fn == nil {
			panic("reflect.Value.Call: call of nil function")
		}
	}
	in = arguments(op, t, in)

	params, results, size := framePlaces(t)
	frame := newFrame(size)
	for i, p := range params {
		in[i].mustBeExported()
		storeValue(in[i].assignTo("reflect.Value.Call", p.typ, nil), unsafe.Add(frame, p.offset))
	}
	switch calls := callsOf(t); {
	case m.typ != nil:
		if calls == nil {
			panic("reflect: internal error: method of a type without trampolines")
		}
		calls.Method(m.code, m.recv, frame)
	case calls == nil:
		// A type from FuncOf: only MakeFunc makes values of it.
		(*madeFunc)(fn).call(frame)
	default:
		calls.Call(fn, frame)
	}
	if len(results) == 0 {
		return nil
	}
	// The results stay in the frame; the arguments need not live on with them.
	clear(unsafe.Slice((*byte)(frame), results[0].offset))
	out := make([]Value, len(results))
	for i, r := range results {
		if r.typ.Size_ == 0 {
			out[i] = Zero(toRType(r.typ))
			continue
		}
		out[i] = Value{r.typ, unsafe.Add(frame, r.offset), flagIndir | flag(r.typ.Kind())}
	}
	return out
}

// arguments checks the arguments of a call and gathers variadic ones into a slice.
func arguments(op string, t *funcType, in []Value) []Value {
	n := t.NumIn()
	gather := false
	if op == "CallSlice" {
		switch {
		case !t.IsVariadic():
			panic("reflect: CallSlice of non-variadic function")
		case len(in) < n:
			panic("reflect: CallSlice with too few input arguments")
		case len(in) > n:
			panic("reflect: CallSlice with too many input arguments")
		}
	} else {
		gather = t.IsVariadic()
		if gather {
			n--
		}
		if len(in) < n {
			panic("reflect: Call with too few input arguments")
		}
		if !gather && len(in) > n {
			panic("reflect: Call with too many input arguments")
		}
	}
	for _, x := range in {
		if x.Kind() == Invalid {
			panic("reflect: " + op + " using zero Value argument")
		}
	}
	for i := 0; i < n; i++ {
		if have, want := in[i].Type(), toRType(t.In(i)); !have.AssignableTo(want) {
			panic("reflect: " + op + " using " + have.String() + " as type " + want.String())
		}
	}
	if !gather {
		return in
	}
	typ := toRType(t.In(n))
	elem := typ.Elem()
	rest := MakeSlice(typ, len(in)-n, len(in)-n)
	for i, x := range in[n:] {
		if have := x.Type(); !have.AssignableTo(elem) {
			panic("reflect: cannot use " + have.String() + " as type " + elem.String() + " in " + op)
		}
		rest.Index(i).Set(x)
	}
	return append(append(make([]Value, 0, n+1), in[:n]...), rest)
}

// storeValue puts a value where its type says it fits.
func storeValue(v Value, p unsafe.Pointer) {
	if v.flag&flagIndir != 0 {
		typedmemmove(v.typ(), p, v.ptr)
	} else {
		*(*unsafe.Pointer)(p) = v.ptr
	}
}

// MakeFunc returns a function of the given type that calls fn: with its arguments as Values, a variadic parameter as one
// slice, and with fn's Values as its results.
func MakeFunc(typ Type, fn func(args []Value) (results []Value)) Value {
	if typ.Kind() != Func {
		panic("reflect: call of MakeFunc with non-Func type")
	}
	t := (*funcType)(unsafe.Pointer(typ.common()))
	return makeFunc(t, func(frame unsafe.Pointer) { callReflect(t, fn, frame) })
}

// callReflect runs a function of MakeFunc on a frame.
func callReflect(t *funcType, fn func([]Value) []Value, frame unsafe.Pointer) {
	params, results, _ := framePlaces(t)
	in := make([]Value, len(params))
	for i, p := range params {
		at := unsafe.Add(frame, p.offset)
		switch {
		case p.typ.Size_ == 0:
			in[i] = Zero(toRType(p.typ))
		case p.typ.IsDirectIface():
			in[i] = Value{p.typ, *(*unsafe.Pointer)(at), flag(p.typ.Kind())}
		default:
			// The frame ends with the call, the Value may not.
			data := unsafe_New(p.typ)
			typedmemmove(p.typ, data, at)
			in[i] = Value{p.typ, data, flagIndir | flag(p.typ.Kind())}
		}
	}
	out := fn(in)
	if len(out) != len(results) {
		panic("reflect: wrong return count from function created by MakeFunc")
	}
	for i, r := range results {
		v := out[i]
		if v.typ() == nil {
			panic("reflect: function created by MakeFunc using " + funcName(fn) + " returned zero Value")
		}
		if v.flag&flagRO != 0 {
			panic("reflect: function created by MakeFunc using " + funcName(fn) +
				" returned value obtained from unexported field")
		}
		if r.typ.Size_ != 0 {
			storeValue(v.assignTo("reflect.MakeFunc", r.typ, nil), unsafe.Add(frame, r.offset))
		}
	}
}

// makeMethodValue turns a method that is represented by receiver and number into a func value.
func makeMethodValue(op string, v Value) Value {
	if v.flag&flagMethod == 0 {
		panic("reflect: internal error: invalid use of makeMethodValue")
	}
	m := findMethod(op, v, int(v.flag)>>flagMethodShift)
	calls := callsOf(m.typ)
	if calls == nil {
		panic("reflect: internal error: method of a type without trampolines")
	}
	if v.flag&flagIndir != 0 && !v.typ().IsDirectIface() && v.typ().Kind() != abi.Interface {
		// The receiver is copied now, not when the function is called.
		data := unsafe_New(v.typ())
		typedmemmove(v.typ(), data, m.recv)
		m.recv = data
	}
	fn := makeFunc(m.typ, func(frame unsafe.Pointer) { calls.Method(m.code, m.recv, frame) })
	fn.flag |= v.flag & flagRO
	return fn
}

// methodValueCallCodePtr is the address that Pointer gives for methods; all have the same. It is none of a function that
// makes or calls methods: fmt, which prints addresses, does not reach these.
func methodValueCallCodePtr() uintptr { return abi.FuncPCABI0(methodValueCode) }

func methodValueCode() {}

// typeTable has the types without names that compiled code knows, sorted by their strings; the compiler fills it.
//
//go:linkname typeTable runtime.typeTable
var typeTable []*abi.Type

// typesByString returns the types of the program that print as s.
func typesByString(s string) []*abi.Type {
	low, high := 0, len(typeTable)
	for low < high {
		middle := int(uint(low+high) / 2)
		if stringFor(typeTable[middle]) < s {
			low = middle + 1
		} else {
			high = middle
		}
	}
	for high < len(typeTable) && stringFor(typeTable[high]) == s {
		high++
	}
	return typeTable[low:high]
}

// emitGCMask would describe where the pointers of an array are; the collector looks at all words of types that are made
// at run time.
func emitGCMask(out []byte, base uintptr, typ *abi.Type, n uintptr) {}
