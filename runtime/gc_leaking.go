//go:build gc.leaking

package runtime

import "unsafe"

// The leaking allocator: memory is only ever handed out. It suits programs that end, or that allocate at the start only.

var heapNext, heapEnd uintptr

func alloc(size, layout uintptr) unsafe.Pointer {
	if heapEnd == 0 {
		heapNext, heapEnd = heapBounds()
	}
	size = roundupsize(size)
	p := heapNext
	if size > heapEnd-p {
		for size > heapEnd-p {
			if heapEnd = growHeap(heapEnd, size); heapEnd == 0 {
				outOfMemory()
			}
		}
	}
	heapNext = p + size
	mallocCount++
	mallocBytes += uint64(size)
	if heapDirty {
		memzero(unsafe.Pointer(p), size)
	}
	return unsafe.Pointer(p)
}

func roundupsize(size uintptr) uintptr {
	const align = unsafe.Alignof(maxAligned{})
	return (size + align - 1) &^ (align - 1)
}

// GC does nothing: this allocator never frees.
func GC() {}

// heapSizes gives the bytes handed out, which are those that objects take.
func heapSizes() (sys, inUse uintptr) { return uintptr(mallocBytes), uintptr(mallocBytes) }

func heapObjects() uint64 { return mallocCount }

func allocDirty(size, layout uintptr) unsafe.Pointer { return alloc(size, layout) }
