//go:build linux && !baremetal

package runtime

import "unsafe"

// Files that the poller does not have: standard input, pipes of programs without a poller. To read or to write them may
// take a while in which other goroutines can run.

// Events of poll(2), a flag of open(2) and the commands of fcntl(2) for it, and what lseek(2) counts from.
const (
	pollIn      = 0x1
	pollOut     = 0x4
	nonBlocking = 0x800
	getFlags    = 3 // F_GETFL
	setFlags    = 4 // F_SETFL
	seekCurrent = 1
)

// neverWaits has a bit for descriptors that are known to be the poller's, or files that have a position, among as many as
// a process may open by default.
var neverWaits [1024 / 32]uint32

func setNeverWaits(fd uintptr, yes bool) {
	if fd/32 < uintptr(len(neverWaits)) {
		neverWaits[fd/32] &^= 1 << (fd % 32)
		if yes {
			neverWaits[fd/32] |= 1 << (fd % 32)
		}
	}
}

// awaitFile returns when the system call would no longer wait, or no other goroutine could run in the meantime. It asks
// again and again.
func awaitFile(number, fd, a, b uintptr) {
	if !hasGoroutines || !inSyscall {
		return
	}
	switch number {
	case sysRead, sysWrite:
		inSyscall = false
		for pause := int64(50e3); othersMayRun() && waits(number, fd); pause = min(2*pause, longestPause) {
			timeSleep(pause)
		}
	case sysFcntl:
		if a == setFlags && b&nonBlocking == 0 {
			setNeverWaits(fd, false)
		}
	case sysClose:
		setNeverWaits(fd, false)
	}
}

func othersMayRun() bool {
	return runq != nil || sleepers != nil || timers != nil || fileWaiters > 0
}

// waits tells whether to read or write a file would wait now.
func waits(number, fd uintptr) bool {
	if fd/32 < uintptr(len(neverWaits)) && neverWaits[fd/32]>>(fd%32)&1 != 0 {
		return false
	}
	ask := struct {
		fd           int32
		asked, given int16
	}{fd: int32(fd), asked: pollIn} // struct pollfd
	if number == sysWrite {
		ask.asked = pollOut
	}
	var now timespec
	if syscall6(sysPpoll, uintptr(unsafe.Pointer(&ask)), 1, uintptr(unsafe.Pointer(&now)), 0, 0, 0) != 0 {
		if int(syscall6(sysLseek, fd, 0, seekCurrent, 0, 0, 0)) >= 0 {
			setNeverWaits(fd, true)
		}
		return false
	}
	return syscall6(sysFcntl, fd, getFlags, 0, 0, 0, 0)&nonBlocking == 0
}
