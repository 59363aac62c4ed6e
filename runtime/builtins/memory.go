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

//export memcmp
func memcmp(a, b unsafe.Pointer, n uintptr) int32 {
	for i := uintptr(0); i < n; i++ {
		x, y := *(*byte)(unsafe.Add(a, i)), *(*byte)(unsafe.Add(b, i))
		if x != y {
			return int32(x) - int32(y)
		}
	}
	return 0
}

//export bcmp
func bcmp(a, b unsafe.Pointer, n uintptr) int32 { return memcmp(a, b, n) }
