//go:build tinygo.wasm

package runtime

import "unsafe"

// What all WebAssembly ports share: linear memory. wasm-ld puts the stack first, then the globals, then the heap.

//go:extern __global_base
var globalBase [0]byte

//go:extern __heap_base
var heapBase [0]byte

// memorySize is the size of linear memory in pages of 64 KiB.
func memorySize() uintptr

// memoryGrow adds pages and returns the old number, or ^0.
func memoryGrow(pages uintptr) uintptr

const pageSize = 64 << 10

const heapDirty = false

// markRoom is how many objects wait to be searched by the collector, before it looks for them in the whole heap.
const markRoom = 4096

func heapBounds() (start, end uintptr) {
	return uintptr(unsafe.Pointer(&heapBase)), memorySize() * pageSize
}

// heapGrows tells whether growHeap can give memory.
const heapGrows = true

func growHeap(end, want uintptr) uintptr {
	pages := (want + pageSize - 1) / pageSize
	if memoryGrow(pages) == ^uintptr(0) {
		return 0
	}
	return end + pages*pageSize
}

// heapSettings: reading the environment would cost every program imports from its host.
func heapSettings() {}

// The stack ends where the globals begin.
func stackTop() uintptr     { return globalsStart() }
func globalsStart() uintptr { return uintptr(unsafe.Pointer(&globalBase)) }
func globalsEnd() uintptr   { return uintptr(unsafe.Pointer(&heapBase)) }

const interruptsWake = false
const spinsYield = false

func waitForInterrupt()               {}
func disableInterrupts() uintptr      { return 0 }
func restoreInterrupts(state uintptr) {}
