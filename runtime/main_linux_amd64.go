//go:build linux && amd64 && !baremetal

package runtime

import "unsafe"

// The first goroutine runs on the stack that the kernel has made.

//export runtime_start
func start(sp uintptr) {
	initialStack = sp
	run()
	exit(0)
}

func stackTop() uintptr { return initialStack }

// stackRlimit is what the kernel allows the first goroutine's stack.
var stackRlimit struct{ soft, hard uint64 }

// mainStackEnd is how far the stack of the first goroutine may grow: as far as the kernel keeps the addresses free below
// it (128 MB, arch/x86/mm/mmap.c), if it lets us.
func mainStackEnd() uintptr {
	const rlimitStack = 3
	size := uint64(100 << 20)
	limit := &stackRlimit
	syscall6(sysPrlimit64, 0, rlimitStack, 0, uintptr(unsafe.Pointer(limit)), 0, 0)
	if limit.soft < size {
		if limit.hard < size {
			size = limit.hard
		}
		limit.soft = size
		if syscall6(sysPrlimit64, 0, rlimitStack, uintptr(unsafe.Pointer(limit)), 0, 0, 0) != 0 {
			return initialStack - 4<<20
		}
	}
	// Arguments and environment take part of it.
	return initialStack - uintptr(size) + 256<<10
}
