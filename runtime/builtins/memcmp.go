package runtime

import "unsafe"

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
