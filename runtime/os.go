package runtime

// What packages os, syscall, internal/poll and their kin expect of package runtime on every port.

//go:linkname os_runtime_args os.runtime_args
func os_runtime_args() []string { return programArgs() }

//go:linkname syscall_runtime_envs syscall.runtime_envs
func syscall_runtime_envs() []string { return programEnv() }

//go:linkname syscall_Exit syscall.Exit
func syscall_Exit(code int) { exit(code) }

//go:linkname os_beforeExit os.runtime_beforeExit
func os_beforeExit(code int) {}

//go:linkname syscall_Getpagesize syscall.Getpagesize
func syscall_Getpagesize() int { return osPageSize }

const osPageSize = 4096

// One thread runs everything, so a system call that waits stops the whole program.

// inSyscall: the system call that comes is one that may take its time, and that other goroutines may run in. Those of a
// child that is about to become another program are none.
var inSyscall bool

//go:linkname entersyscall runtime.entersyscall
func entersyscall() {
	if spinsYield && hasGoroutines {
		inSyscall = true
	}
}

// exitsyscall lets others run now and then: a goroutine may do nothing but call the system until another one stops it.
//
//go:linkname exitsyscall runtime.exitsyscall
func exitsyscall() {
	if spinsYield && hasGoroutines {
		inSyscall = false
		spin()
	}
}

// noSuchCall is the error of what the system does not have: ENOSYS; on WASI some other, of which only the fact matters.
const noSuchCall = 38

//go:linkname poll_runtime_Semacquire internal/poll.runtime_Semacquire
func poll_runtime_Semacquire(addr *uint32) { semacquire(addr, "semacquire") }

//go:linkname poll_runtime_Semrelease internal/poll.runtime_Semrelease
func poll_runtime_Semrelease(addr *uint32) { semrelease(addr) }

// Settings of package runtime/debug that have nothing to act upon.

//go:linkname debug_setMaxStack runtime/debug.setMaxStack
func debug_setMaxStack(bytes int) int { return 1 << 30 }

//go:linkname debug_setMaxThreads runtime/debug.setMaxThreads
func debug_setMaxThreads(n int) int { return 10000 }

//go:linkname debug_setPanicOnFault runtime/debug.setPanicOnFault
func debug_setPanicOnFault(on bool) bool { return false }
