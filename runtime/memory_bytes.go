//go:build !amd64 && !arm64 && !386 && !wasm

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

// memhash is FNV-1a over the bytes, word-sized, with a final mix: small, and good enough for tables of a power of two.
func memhash(p unsafe.Pointer, seed, size uintptr) uintptr {
	h := uint32(seed) ^ 2166136261
	for i := uintptr(0); i < size; i++ {
		h = (h ^ uint32(*(*byte)(unsafe.Add(p, i)))) * 16777619
	}
	h ^= h >> 15
	return uintptr(h)
}

// looksAtWords: the machine has 64-bit arithmetic, and a word may lie anywhere.
const looksAtWords = false
