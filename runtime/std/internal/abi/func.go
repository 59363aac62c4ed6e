package abi

import "unsafe"

// FuncType is the descriptor of a func type. The uncommon part and the types of parameters and results follow it.
type FuncType struct {
	Type
	InCount  uint16
	OutCount uint16 // the top bit is set if the last parameter is variadic
	Calls    *FuncCalls
}

// FuncCalls is how package reflect calls functions of a type, made by the compiler. A frame holds the parameters and
// then the results, like the fields of a struct.
type FuncCalls struct {
	Type   *FuncType
	Call   func(fn, frame unsafe.Pointer)
	Method func(code *uintptr, recv, frame unsafe.Pointer)
	Stub   uintptr // code of a func value {Stub, func(frame unsafe.Pointer)}
}

// FuncPCABI0 returns the address of the code of a function.
func FuncPCABI0(f any) uintptr { return codeOf(f) }

// FuncPCABIInternal returns the address of the code of a function.
func FuncPCABIInternal(f any) uintptr { return codeOf(f) }

// codeOf looks into the record that a func value points to.
func codeOf(f any) uintptr {
	return *(*uintptr)((*[2]unsafe.Pointer)(unsafe.Pointer(&f))[1])
}

// EscapeNonString says that v escapes unless it is a string, to a compiler that would not find out.
func EscapeNonString[T any](v T) {}
