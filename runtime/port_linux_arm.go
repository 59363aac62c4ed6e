//go:build linux && arm && !baremetal && !wasip2 && !wasm_unknown

package runtime

// contextWords is the size of a context in asm_linux_arm.S, in words.
const contextWords = 26

// System call numbers (arch/arm/tools/syscall.tbl), those with 64-bit times.
const (
	sysWrite          = 4
	sysMmap           = 192 // the offset is in pages
	sysMadvise        = 220
	sysClockNanosleep = 407
	sysClockGettime   = 403
	sysExitGroup      = 248
	sysFcntl          = 221
	sysRead           = 3
	sysKill           = 37
	sysGetpid         = 20
	sysPpoll          = 336
	sysLseek          = 19
	sysClose          = 6
	sysSigaction      = 174 // rt_sigaction
	sysSigprocmask    = 175 // rt_sigprocmask
	sysSignalfd4      = 355
	sysClone          = 120
	sysWait4          = 114
	sysWaitid         = 280
	sysEpollCtl       = 251
	sysEpollPwait     = 346
	sysEpollCreate1   = 357
	sysEpollPwait2    = 441
)

// epollEvent has padding (include/uapi/linux/eventpoll.h).
type epollEvent struct {
	events uint32
	_      uint32
	data   [2]uint32
}
