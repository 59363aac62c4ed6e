//go:build linux && amd64 && !baremetal

package runtime

// contextWords is the size of a context in asm_linux_amd64.S, in words.
const contextWords = 8

// System call numbers (arch/x86/entry/syscalls/syscall_64.tbl).
const (
	sysWrite          = 1
	sysMmap           = 9
	sysMadvise        = 28
	sysClockNanosleep = 230
	sysClockGettime   = 228
	sysExitGroup      = 231
	sysPrlimit64      = 302
	sysFcntl          = 72
	sysRead           = 0
	sysKill           = 62
	sysGetpid         = 39
	sysPpoll          = 271
	sysLseek          = 8
	sysClose          = 3
	sysSigaction      = 13 // rt_sigaction
	sysSigprocmask    = 14 // rt_sigprocmask
	sysSignalfd4      = 289
	sysClone          = 56
	sysWait4          = 61
	sysWaitid         = 247
	sysEpollCtl       = 233
	sysEpollPwait     = 281
	sysEpollCreate1   = 291
	sysEpollPwait2    = 441
)

// epollEvent has no padding on this machine (include/uapi/linux/eventpoll.h, EPOLL_PACKED).
type epollEvent struct {
	events uint32
	data   [2]uint32
}
