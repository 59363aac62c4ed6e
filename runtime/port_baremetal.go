//go:build baremetal && !tinygo.wasm

package runtime

import "unsafe"

// What all chips share: memory as the linker script lays it out.

//go:extern _stack_top
var stackTopSymbol [0]byte

//go:extern _stack_bottom
var stackBottomSymbol [0]byte

//go:extern _globals_start
var globalsStartSymbol [0]byte

//go:extern _globals_end
var globalsEndSymbol [0]byte

//go:extern _heap_start
var heapStartSymbol [0]byte

//go:extern _heap_end
var heapEndSymbol [0]byte

func stackTop() uintptr     { return uintptr(unsafe.Pointer(&stackTopSymbol)) }
func mainStackEnd() uintptr { return uintptr(unsafe.Pointer(&stackBottomSymbol)) }
func globalsStart() uintptr { return uintptr(unsafe.Pointer(&globalsStartSymbol)) }
func globalsEnd() uintptr   { return uintptr(unsafe.Pointer(&globalsEndSymbol)) }

func heapBounds() (start, end uintptr) {
	return uintptr(unsafe.Pointer(&heapStartSymbol)), uintptr(unsafe.Pointer(&heapEndSymbol))
}

// Stacks of goroutines are searched by the collector as far as they are in use, and no further.
func newStackMemory(size uintptr) unsafe.Pointer                    { return allocDirty(size, layoutNoPointers) }
func freeStackMemory(stack unsafe.Pointer, size uintptr, deep bool) {}

// hasCanary tells that a stack may be too small for calls without recursion.
const hasCanary = true

// shallowStack is no limit here: stacks stay as they are.
const shallowStack = ^uintptr(0)

// heapGrows tells whether growHeap can give memory.
const heapGrows = false

func growHeap(end, want uintptr) uintptr { return 0 }

// heapDirty: start-up clears only .bss, so fresh heap memory holds anything.
const heapDirty = true

// markRoom is how many objects wait to be searched by the collector, before it looks for them in the whole heap.
const markRoom = 32

// runtime_start is called by the start-up code with memory in order.
//
//export runtime_start
func start() {
	initPort()
	run()
	exit(0)
}

// Nobody gives a program on bare metal arguments or an environment while it starts.

// osArgs is what the arguments are nevertheless: `tinygo run` and `tinygo test` set it in the program that they build, with
// a NUL after each.
var osArgs string

func programArgs() []string {
	args := []string{"main"}
	for start, i := 0, 0; i < len(osArgs); i++ {
		if osArgs[i] == 0 {
			args = append(args, osArgs[start:i])
			start = i + 1
		}
	}
	return args
}

func programEnv() []string { return nil }

// System calls of Linux on ARM, which Go's library is compiled for here (arch/arm/tools/syscall.tbl). Only those on the
// standard files and on pipes do something.
const (
	sysRead   = 3
	sysWrite  = 4
	sysClose  = 6
	sysFcntl  = 55
	sysOpenat = 322

	errnoNoEnt uintptr = 2
	errnoBadF  uintptr = 9
	errnoPipe  uintptr = 32
	errnoNoSys uintptr = 38
)

func syscall6(number, a, b, c, d, e, f uintptr) uintptr {
	if number == sysOpenat {
		return ^(errnoNoEnt - 1)
	}
	if hasPipes && a >= firstPipe {
		return pipeCall(number, a, unsafe.Pointer(b), c)
	}
	if number != sysWrite {
		return ^(errnoNoSys - 1)
	}
	if a != 1 && a != 2 {
		return ^(errnoBadF - 1)
	}
	for i := uintptr(0); i < c; i++ {
		putchar(*(*byte)(unsafe.Pointer(b + i)))
	}
	return c
}

//go:linkname syscall_seek syscall.seek
func syscall_seek(fd int, offset int64, whence int) (int64, uintptr) { return 0, errnoNoSys }

// walltime counts from the start: a chip does not know the date.
func walltime() (sec int64, nsec int32) {
	ns := nanotime()
	return ns / 1e9, int32(ns % 1e9)
}
