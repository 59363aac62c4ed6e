//go:build !amd64 && !386

package runtime

import "unsafe"

//export memcpy
func memcpy(dst, src unsafe.Pointer, n uintptr) unsafe.Pointer {
	for i := uintptr(0); i < n; i++ {
		*(*byte)(unsafe.Add(dst, i)) = *(*byte)(unsafe.Add(src, i))
	}
	return dst
}

//export memmove
func memmove(dst, src unsafe.Pointer, n uintptr) unsafe.Pointer {
	if uintptr(dst) <= uintptr(src) {
		for i := uintptr(0); i < n; i++ {
			*(*byte)(unsafe.Add(dst, i)) = *(*byte)(unsafe.Add(src, i))
		}
	} else {
		for i := n; i != 0; {
			i--
			*(*byte)(unsafe.Add(dst, i)) = *(*byte)(unsafe.Add(src, i))
		}
	}
	return dst
}
