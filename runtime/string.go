package runtime

import "unsafe"

const (
	runeError = 0xFFFD
	maxRune   = 0x10FFFF
)

// rawbytes is a byte slice of fresh memory without pointers.
func rawbytes(n int) []byte {
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(alloc(uintptr(n), layoutNoPointers)), n)
}

func concatstrings(parts *string, n int) string {
	list := unsafe.Slice(parts, n)
	size, filled, last := 0, 0, 0
	for i := range list {
		if len(list[i]) != 0 {
			size += len(list[i])
			filled++
			last = i
		}
	}
	if size < 0 {
		throw("string concatenation too long")
	}
	switch filled {
	case 0:
		return ""
	case 1:
		return list[last]
	}
	b := rawbytes(size)
	at := 0
	for i := range list {
		at += copy(b[at:], list[i])
	}
	return unsafe.String(&b[0], size)
}

func stringEqual(a, b string) bool {
	return len(a) == len(b) &&
		memequal(unsafe.Pointer(unsafe.StringData(a)), unsafe.Pointer(unsafe.StringData(b)), uintptr(len(a)))
}

func stringCompare(a, b string) int {
	n := uintptr(min(len(a), len(b)))
	p, q := unsafe.Pointer(unsafe.StringData(a)), unsafe.Pointer(unsafe.StringData(b))
	if i := commonPrefix(p, q, n); i < n {
		if *(*byte)(unsafe.Add(p, i)) < *(*byte)(unsafe.Add(q, i)) {
			return -1
		}
		return 1
	}
	if len(a) < len(b) {
		return -1
	}
	if len(a) > len(b) {
		return 1
	}
	return 0
}

func slicebytetostring(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	c := rawbytes(len(b))
	copy(c, b)
	return unsafe.String(&c[0], len(c))
}

func stringtoslicebyte(s string) []byte {
	if len(s) == 0 {
		return []byte{}
	}
	b := rawbytes(len(s))
	copy(b, s)
	return b
}

func intstring(v int64) string {
	if v < 0 || v > maxRune {
		v = runeError
	}
	var buf [4]byte
	n := encoderune(&buf, rune(v))
	return slicebytetostring(buf[:n])
}

func slicerunetostring(r []rune) string {
	var buf [4]byte
	size := 0
	for _, c := range r {
		size += encoderune(&buf, c)
	}
	if size == 0 {
		return ""
	}
	b := rawbytes(size)
	at := 0
	for _, c := range r {
		n := encoderune(&buf, c)
		at += copy(b[at:], buf[:n])
	}
	return unsafe.String(&b[0], size)
}

func stringtoslicerune(s string) []rune {
	n := 0
	for range s {
		n++
	}
	if n == 0 {
		return []rune{}
	}
	r := unsafe.Slice((*rune)(alloc(uintptr(n)*4, layoutNoPointers)), n)
	n = 0
	for _, c := range s {
		r[n] = c
		n++
	}
	return r
}

// decoderune decodes the rune at s[k:], which is not empty; next is the index after it. Invalid bytes are U+FFFD, one
// byte long (The Unicode Standard, chapter 3, table 3-7: well-formed byte sequences).
func decoderune(s string, k int) (r rune, next int) {
	c := s[k]
	if c < 0x80 {
		return rune(c), k + 1
	}
	var need int
	low, high := byte(0x80), byte(0xBF)
	switch {
	case c >= 0xC2 && c <= 0xDF:
		need, r = 1, rune(c&0x1F)
	case c >= 0xE0 && c <= 0xEF:
		need, r = 2, rune(c&0x0F)
		if c == 0xE0 {
			low = 0xA0
		} else if c == 0xED {
			high = 0x9F
		}
	case c >= 0xF0 && c <= 0xF4:
		need, r = 3, rune(c&0x07)
		if c == 0xF0 {
			low = 0x90
		} else if c == 0xF4 {
			high = 0x8F
		}
	default:
		return runeError, k + 1
	}
	if len(s)-k <= need {
		return runeError, k + 1
	}
	for i := 1; i <= need; i++ {
		b := s[k+i]
		if b < low || b > high {
			return runeError, k + 1
		}
		r = r<<6 | rune(b&0x3F)
		low, high = 0x80, 0xBF
	}
	return r, k + need + 1
}

// encoderune writes the UTF-8 form of r and returns its length.
func encoderune(b *[4]byte, r rune) int {
	switch u := uint32(r); {
	case u < 0x80:
		b[0] = byte(r)
		return 1
	case u < 0x800:
		b[0] = 0xC0 | byte(r>>6)
		b[1] = 0x80 | byte(r)&0x3F
		return 2
	case u > maxRune || u >= 0xD800 && u <= 0xDFFF:
		r = runeError
		fallthrough
	case u < 0x10000:
		b[0] = 0xE0 | byte(r>>12)
		b[1] = 0x80 | byte(r>>6)&0x3F
		b[2] = 0x80 | byte(r)&0x3F
		return 3
	}
	b[0] = 0xF0 | byte(r>>18)
	b[1] = 0x80 | byte(r>>12)&0x3F
	b[2] = 0x80 | byte(r>>6)&0x3F
	b[3] = 0x80 | byte(r)&0x3F
	return 4
}
