// Package runtime in runtime/builtins holds the functions that LLVM calls on its own: memory, 64-bit division, floats on
// machines without them. It is compiled apart from the program, once for each target, and linked function by function.
//
// The float arithmetic itself is Go's softfloat64.go, which the overlay puts into this package; hence the package's name.
package runtime
