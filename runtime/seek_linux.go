//go:build linux && (386 || arm) && !baremetal && !wasip2 && !wasm_unknown

package runtime

import "unsafe"

// seek is assembly in Go's package syscall: the kernel takes the offset in halves and writes the new one to memory.
//
//go:linkname seek syscall.seek
func seek(fd int, offset int64, whence int) (newoffset int64, errno uintptr) {
	const sysLlseek = 140
	r := syscall6(sysLlseek, uintptr(fd), uintptr(offset>>32), uintptr(offset), uintptr(unsafe.Pointer(&newoffset)), uintptr(whence), 0)
	if r > ^uintptr(4095) {
		return -1, -r
	}
	return newoffset, 0
}
