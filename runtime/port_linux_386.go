//go:build linux && 386 && !baremetal

package runtime

import "unsafe"

// contextWords is the size of a context in asm_linux_386.S, in words.
const contextWords = 6

// System call numbers (arch/x86/entry/syscalls/syscall_32.tbl), those with 64-bit times.
const (
	sysWrite          = 4
	sysMmap           = 192 // the offset is in pages
	sysMadvise        = 219
	sysClockNanosleep = 407
	sysClockGettime   = 403
	sysExitGroup      = 252
	sysFcntl          = 221
	sysRead           = 3
	sysKill           = 37
	sysGetpid         = 20
	sysPpoll          = 309
	sysLseek          = 19
	sysClose          = 6
	sysSigaction      = 174 // rt_sigaction
	sysSigprocmask    = 175 // rt_sigprocmask
	sysSignalfd4      = 327
	sysClone          = 120
	sysWait4          = 114
	sysWaitid         = 284
	sysEpollCtl       = 255
	sysEpollPwait     = 319
	sysEpollCreate1   = 329
	sysEpollPwait2    = 441
	sysSocketcall     = 102
)

// epollEvent has no padding on this machine (include/uapi/linux/eventpoll.h, the alignment of 64-bit numbers is 4).
type epollEvent struct {
	events uint32
	data   [2]uint32
}

// All operations on sockets are one system call, whose arguments are in memory.
//
//go:linkname socketcall syscall.socketcall
func socketcall(call int, a, b, c, d, e, f uintptr) (n int, errno uintptr) {
	args := [...]uintptr{a, b, c, d, e, f}
	r, _, errno := syscall_Syscall6(sysSocketcall, uintptr(call), uintptr(unsafe.Pointer(&args)), 0, 0, 0, 0)
	return int(r), errno
}

//go:linkname rawsocketcall syscall.rawsocketcall
func rawsocketcall(call int, a, b, c, d, e, f uintptr) (n int, errno uintptr) {
	return socketcall(call, a, b, c, d, e, f)
}
