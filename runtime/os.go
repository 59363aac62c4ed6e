package runtime

// What packages os, syscall, internal/poll and their kin expect of package runtime on every port.

//go:linkname os_runtime_args os.runtime_args
func os_runtime_args() []string { return programArgs() }

//go:linkname syscall_runtime_envs syscall.runtime_envs
func syscall_runtime_envs() []string { return programEnv() }

//go:linkname syscall_Exit syscall.Exit
func syscall_Exit(code int) { exit(code) }

// os_sigpipe ends a program whose output nobody reads any more.
//
//go:linkname os_sigpipe os.sigpipe
func os_sigpipe() { exit(2) }

//go:linkname os_beforeExit os.runtime_beforeExit
func os_beforeExit(code int) {}

//go:linkname syscall_Getpagesize syscall.Getpagesize
func syscall_Getpagesize() int { return osPageSize }

const osPageSize = 4096

// One thread runs everything, so a system call that waits stops the whole program, and nothing needs to be told.

//go:linkname entersyscall runtime.entersyscall
func entersyscall() {}

//go:linkname exitsyscall runtime.exitsyscall
func exitsyscall() {}

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
