//go:build linux && (arm64 || riscv64) && !baremetal

package runtime

// contextWords is the size of a context in asm_linux_riscv64.S; that of asm_linux_arm64.S has 21, in words.
const contextWords = 26

// System call numbers (include/uapi/asm-generic/unistd.h).
const (
	sysWrite          = 64
	sysMmap           = 222
	sysMadvise        = 233
	sysClockNanosleep = 115
	sysClockGettime   = 113
	sysExitGroup      = 94
	sysFcntl          = 25
	sysRead           = 63
	sysKill           = 129
	sysGetpid         = 172
	sysPpoll          = 73
	sysLseek          = 62
	sysClose          = 57
	sysSigaction      = 134 // rt_sigaction
	sysSigprocmask    = 135 // rt_sigprocmask
	sysSignalfd4      = 74
	sysClone          = 220
	sysWait4          = 260
	sysWaitid         = 95
	sysEpollCtl       = 21
	sysEpollPwait     = 22
	sysEpollCreate1   = 20
	sysEpollPwait2    = 441
)

// epollEvent has padding (include/uapi/linux/eventpoll.h).
type epollEvent struct {
	events uint32
	_      uint32
	data   [2]uint32
}
