//go:build avr

package runtime

import "unsafe"

// A C int has 16 bits here.
//
//export memset
func memset(p unsafe.Pointer, c int16, n uintptr) unsafe.Pointer {
	for i := uintptr(0); i < n; i++ {
		*(*byte)(unsafe.Add(p, i)) = byte(c)
	}
	return p
}
