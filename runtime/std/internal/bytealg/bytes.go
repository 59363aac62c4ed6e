package bytealg

import "unsafe"

// The functions that Go has in assembly for the larger processors, in plain Go for all.

const (
	// words: the processor is a large one, which reads words of memory from anywhere.
	words    = unsafe.Sizeof(uintptr(0)) == 8
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// MaxBruteForce is the longest text that is searched without a hash.
const MaxBruteForce = 0

// Cutover is the number of false starts after which a search changes over to Index.
func Cutover(n int) int { return 4 }

// Compare compares two texts byte by byte: -1, 0 or 1.
func Compare(a, b []byte) int { return CompareString(text(a), text(b)) }

// CompareString compares two texts byte by byte: -1, 0 or 1.
func CompareString(a, b string) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

// Count counts a byte in a text.
func Count(b []byte, c byte) int { return CountString(text(b), c) }

// CountString counts a byte in a text.
func CountString(s string, c byte) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			n++
		}
	}
	return n
}

// IndexByte finds a byte in a text, or returns -1.
func IndexByte(b []byte, c byte) int { return IndexByteString(text(b), c) }

// IndexByteString finds a byte in a text, or returns -1.
func IndexByteString(s string, c byte) int {
	i := 0
	if words {
		// Eight bytes at a time, up to those among which a difference is 0: subtracting 1 borrows from its highest bit.
		start, all := unsafe.Pointer(unsafe.StringData(s)), lowBits*uint64(c)
		for ; i+8 <= len(s); i += 8 {
			difference := *(*uint64)(unsafe.Add(start, i)) ^ all
			if (difference-lowBits)&^difference&highBits != 0 {
				break
			}
		}
	}
	for ; i < len(s); i++ {
		if s[i] == c {
			return i
		}
	}
	return -1
}

// Index finds b in a, or returns -1.
func Index(a, b []byte) int { return IndexString(text(a), text(b)) }

// IndexString finds b, which is not empty, in a, or returns -1.
func IndexString(a, b string) int {
	for i := 0; i+len(b) <= len(a); i++ {
		if a[i] == b[0] && a[i:i+len(b)] == b {
			return i
		}
	}
	return -1
}

// text looks at bytes as a string.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
