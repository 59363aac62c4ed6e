package runtime

import "unsafe"

// Functions without a body here are known to the compiler (src/irgen/intrinsic.rs).

func memcpy(dst, src unsafe.Pointer, n uintptr)
func memmove(dst, src unsafe.Pointer, n uintptr)
func memzero(p unsafe.Pointer, n uintptr)

// stackPointer is the current stack pointer; on WebAssembly that of the stack in linear memory.
func stackPointer() uintptr

// trap stops the machine abnormally.
func trap()

// KeepAlive marks x as reachable up to here.
func KeepAlive(x any)
