//go:build !avr && !amd64 && !386

package runtime

import "unsafe"

//export memset
func memset(p unsafe.Pointer, c int32, n uintptr) unsafe.Pointer {
	for i := uintptr(0); i < n; i++ {
		*(*byte)(unsafe.Add(p, i)) = byte(c)
	}
	return p
}
