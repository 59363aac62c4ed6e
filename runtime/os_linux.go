//go:build linux

package runtime

// What package syscall expects of package runtime on Linux, and on bare metal, where it is compiled for Linux on ARM.

//go:linkname syscall_Syscall6 internal/runtime/syscall/linux.Syscall6
func syscall_Syscall6(number, a, b, c, d, e, f uintptr) (r1, r2, errno uintptr) {
	var r uintptr
	awaitFile(number, a, b, c)
	if waitsForChild(number, c, d) {
		r = awaitChild(number, a, b, c, d, e)
	} else {
		r = syscall6(number, a, b, c, d, e, f)
	}
	if r > ^uintptr(4095) {
		return ^uintptr(0), 0, -r
	}
	return r, 0, 0
}

//go:linkname syscall_rawSyscallNoError syscall.rawSyscallNoError
func syscall_rawSyscallNoError(number, a, b, c uintptr) (r1, r2 uintptr) {
	return syscall6(number, a, b, c, 0, 0, 0), 0
}

//go:linkname syscall_runtime_doAllThreadsSyscall syscall.runtime_doAllThreadsSyscall
func syscall_runtime_doAllThreadsSyscall(number, a, b, c, d, e, f uintptr) (r1, r2, errno uintptr) {
	return syscall_Syscall6(number, a, b, c, d, e, f)
}

//go:linkname syscall_BeforeFork syscall.runtime_BeforeFork
func syscall_BeforeFork() {}

//go:linkname syscall_AfterFork syscall.runtime_AfterFork
func syscall_AfterFork() {}

//go:linkname syscall_AfterForkInChild syscall.runtime_AfterForkInChild
func syscall_AfterForkInChild() { passSignalsOn() }

//go:linkname syscall_BeforeExec syscall.runtime_BeforeExec
func syscall_BeforeExec() {}

//go:linkname syscall_AfterExec syscall.runtime_AfterExec
func syscall_AfterExec() {}

//go:linkname fcntl runtime.fcntl
func fcntl(fd, command, arg int32) (int32, int32) {
	r, _, errno := syscall_Syscall6(sysFcntl, uintptr(fd), uintptr(command), uintptr(arg), 0, 0, 0)
	if errno != 0 {
		return -1, int32(errno)
	}
	return int32(r), 0
}

//go:linkname os_ignoreSIGSYS os.ignoreSIGSYS
func os_ignoreSIGSYS() {}

//go:linkname os_restoreSIGSYS os.restoreSIGSYS
func os_restoreSIGSYS() {}

// The kernel's way to random numbers without system calls is not used.
//
//go:linkname vgetrandom runtime.vgetrandom
func vgetrandom(p []byte, flags uint32) (n int, supported bool) { return -1, false }
