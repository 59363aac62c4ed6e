//go:build !amd64 && !wasm

package runtime

import "unsafe"

// commonPrefix is the number of bytes, of n, before the first that differs between two memories.
func commonPrefix(p, q unsafe.Pointer, n uintptr) uintptr {
	same := uintptr(0)
	for same < n && *(*byte)(unsafe.Add(p, same)) == *(*byte)(unsafe.Add(q, same)) {
		same++
	}
	return same
}
