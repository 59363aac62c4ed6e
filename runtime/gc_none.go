//go:build gc.none

package runtime

import "unsafe"

// Without an allocator, whatever allocates fails to link, and the message names it.

func roundupsize(size uintptr) uintptr { return size }

//export runtime_alloc_is_not_available_with_gc_none
func alloc(size, layout uintptr) unsafe.Pointer

func allocDirty(size, layout uintptr) unsafe.Pointer { return alloc(size, layout) }

// GC does nothing.
func GC() {}

func heapSizes() (sys, inUse uintptr) { return 0, 0 }

func heapObjects() uint64 { return 0 }
