//go:build !baremetal

package syscall

import "unsafe"

func pipe2(ends *[2]_C_int, flags int) error {
	if _, _, e := RawSyscall(SYS_PIPE2, uintptr(unsafe.Pointer(ends)), uintptr(flags), 0); e != 0 {
		return errnoErr(e)
	}
	return nil
}
