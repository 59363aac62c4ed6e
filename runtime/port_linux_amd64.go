//go:build linux && amd64 && !baremetal

package runtime

// System call numbers (arch/x86/entry/syscalls/syscall_64.tbl).
const (
	sysWrite        = 1
	sysMmap         = 9
	sysNanosleep    = 35
	sysClockGettime = 228
	sysExitGroup    = 231
	sysPrlimit64    = 302
	sysFcntl        = 72
)
