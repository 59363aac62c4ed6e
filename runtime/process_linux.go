//go:build linux && !baremetal

package runtime

import "unsafe"

// Child processes, which package os/exec starts and waits for.

const (
	cloneMemory  = 0x100  // CLONE_VM
	cloneSuspend = 0x4000 // CLONE_VFORK
	waitNoHang   = 1      // WNOHANG
	longestPause = 5e6    // nanoseconds
)

// syscall_rawVforkSyscall starts a process with a copy of the memory instead of the memory itself: a child that shares the
// stack of its parent would write over what the parent keeps there.
//
//go:linkname syscall_rawVforkSyscall syscall.rawVforkSyscall
func syscall_rawVforkSyscall(number, flags, b, c uintptr) (r1, errno uintptr) {
	if number != sysClone {
		return ^uintptr(0), noSuchCall
	}
	r, _, errno := syscall_Syscall6(number, flags&^(cloneMemory|cloneSuspend), b, c, 0, 0, 0)
	return r, errno
}

// waitsForChild: the system call would stop all goroutines until a child ends.
func waitsForChild(number, c, d uintptr) bool {
	switch {
	case !polling || goroutines == 1:
		return false
	case number == sysWait4:
		return c&waitNoHang == 0
	}
	return number == sysWaitid && d&waitNoHang == 0
}

// awaitChild asks for the end of a child again and again, and lets other goroutines run in between.
func awaitChild(number, a, b, c, d, e uintptr) uintptr {
	var info [32]uint32 // siginfo_t, whose first number says whether there is a child
	for pause := int64(50e3); ; pause = min(2*pause, longestPause) {
		if number == sysWait4 {
			if r := syscall6(number, a, b, c|waitNoHang, d, 0, 0); r != 0 {
				return r
			}
		} else {
			if c == 0 {
				c = uintptr(unsafe.Pointer(&info))
			}
			signal := (*uint32)(unsafe.Pointer(c))
			*signal = 0
			if r := syscall6(number, a, b, c, d|waitNoHang, e, 0); r != 0 || *signal != 0 {
				return r
			}
		}
		timeSleep(pause)
	}
}
