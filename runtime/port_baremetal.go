//go:build baremetal && !tinygo.wasm

package runtime

import "unsafe"

// What all chips share: memory as the linker script lays it out.

//go:extern _stack_top
var stackTopSymbol [0]byte

//go:extern _globals_start
var globalsStartSymbol [0]byte

//go:extern _globals_end
var globalsEndSymbol [0]byte

//go:extern _heap_start
var heapStartSymbol [0]byte

//go:extern _heap_end
var heapEndSymbol [0]byte

func stackTop() uintptr     { return uintptr(unsafe.Pointer(&stackTopSymbol)) }
func globalsStart() uintptr { return uintptr(unsafe.Pointer(&globalsStartSymbol)) }
func globalsEnd() uintptr   { return uintptr(unsafe.Pointer(&globalsEndSymbol)) }

func heapBounds() (start, end uintptr) {
	return uintptr(unsafe.Pointer(&heapStartSymbol)), uintptr(unsafe.Pointer(&heapEndSymbol))
}

func growHeap(end, want uintptr) uintptr { return 0 }

// heapDirty: start-up clears only .bss, so fresh heap memory holds anything.
const heapDirty = true

// runtime_start is called by the start-up code with memory in order.
//
//export runtime_start
func start() {
	initPort()
	run()
	exit(0)
}

// walltime counts from the start: a chip does not know the date.
func walltime() (sec int64, nsec int32) {
	ns := nanotime()
	return ns / 1e9, int32(ns % 1e9)
}
