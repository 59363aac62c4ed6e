//go:build linux && !baremetal && !wasip2 && !wasm_unknown

package runtime

import "unsafe"

// stackPool holds stacks of one size. They are reserved many at a time and become memory when they are touched. Those of
// goroutines that have ended are used again: each holds, at its high end, the address of the next.
type stackPool struct {
	free      unsafe.Pointer
	next, end uintptr
}

var stacks, testStacks stackPool

func stacksOf(size uintptr) *stackPool {
	if testStackSize != 0 && size == testStackSize {
		return &testStacks
	}
	return &stacks
}

// hasCanary is false: a stack has room for all calls without recursion, and its low end should not be touched.
const hasCanary = false

// shallowStack is how much of a stack stays in memory for the next goroutine.
const shallowStack = 64 << 10

const (
	madviseDontNeed   = 4
	madviseNoHugePage = 15
)

func newStackMemory(size uintptr) unsafe.Pointer {
	pool := stacksOf(size)
	if p := pool.free; p != nil {
		pool.free = *nextFree(p, size)
		return p
	}
	if pool.next == pool.end {
		many := uintptr(64)
		if wordBytes == 4 && size > 1<<20 {
			many = 4 // address space is dear
		}
		p := syscall6(sysMmap, 0, many*size, protReadWrite, mapFlags, ^uintptr(0), 0)
		if p > ^uintptr(4095) {
			outOfMemory()
		}
		// A goroutine that uses a page should not get 2 MB.
		syscall6(sysMadvise, p, many*size, madviseNoHugePage, 0, 0, 0)
		pool.next, pool.end = p, p+many*size
	}
	p := pool.next
	pool.next += size
	return unsafe.Pointer(p)
}

func freeStackMemory(stack unsafe.Pointer, size uintptr, deep bool) {
	if deep && size > shallowStack {
		syscall6(sysMadvise, uintptr(stack), size-shallowStack, madviseDontNeed, 0, 0, 0)
	}
	pool := stacksOf(size)
	*nextFree(stack, size) = pool.free
	pool.free = stack
}

func nextFree(stack unsafe.Pointer, size uintptr) *unsafe.Pointer {
	return (*unsafe.Pointer)(unsafe.Add(stack, size-unsafe.Sizeof(stack)))
}
