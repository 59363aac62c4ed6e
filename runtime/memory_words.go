//go:build amd64 || arm64 || 386 || wasm

package runtime

import "unsafe"

// Memory compared by words, where a word may lie anywhere.

// commonPrefix is the number of bytes, of n, before the first that differs between two memories.
func commonPrefix(p, q unsafe.Pointer, n uintptr) uintptr {
	same := uintptr(0)
	if n >= 8 {
		for {
			if differ := *(*uint64)(unsafe.Add(p, same)) ^ *(*uint64)(unsafe.Add(q, same)); differ != 0 {
				return same + uintptr(trailingZeros64(differ)/8) // the lowest byte comes first
			}
			if same+8 == n {
				return n
			}
			same = min(same+8, n-8) // the last word may overlap the one before
		}
	}
	for same < n && *(*byte)(unsafe.Add(p, same)) == *(*byte)(unsafe.Add(q, same)) {
		same++
	}
	return same
}

// memhash multiplies after every eight bytes and folds the upper half of the product, where all bits of the factors
// meet, into the lower one. The last bytes are read as a word that may overlap the one before.
func memhash(p unsafe.Pointer, seed, size uintptr) uintptr {
	const factor = 0x9e37_79b9_7f4a_7c15 // 2^64 divided by the golden ratio, odd
	h := (uint64(seed) ^ uint64(size)) * factor
	var last uint64
	switch {
	case size >= 8:
		last = *(*uint64)(unsafe.Add(p, size-8))
		for ; size > 8; size -= 8 {
			h = (h ^ *(*uint64)(p)) * factor
			h ^= h >> 32
			p = unsafe.Add(p, 8)
		}
	case size >= 4:
		last = uint64(*(*uint32)(p))<<32 | uint64(*(*uint32)(unsafe.Add(p, size-4)))
	case size > 0:
		last = uint64(*(*byte)(p))<<16 | uint64(*(*byte)(unsafe.Add(p, size/2)))<<8 | uint64(*(*byte)(unsafe.Add(p, size-1)))
	}
	h = (h ^ last) * factor
	h ^= h >> 32
	h *= factor
	return uintptr(h ^ h>>32)
}

// looksAtWords: the machine has 64-bit arithmetic, and a word may lie anywhere.
const looksAtWords = true
