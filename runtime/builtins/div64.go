//go:build (baremetal || arm || 386) && !tinygo.wasm

package runtime

import "unsafe"

// 64-bit division on machines with narrower registers: one bit of the quotient a round.

//export runtime_udivmod64
func udivmod64(n, d uint64, rem *uint64) uint64 {
	var q, r uint64
	for i := 0; i < 64; i++ {
		r = r<<1 | n>>63
		n <<= 1
		q <<= 1
		if r >= d {
			r -= d
			q |= 1
		}
	}
	*rem = r
	return q
}

//export runtime_divmod64
func divmod64(n, d int64, rem *int64) int64 {
	un, ud := uint64(n), uint64(d)
	if n < 0 {
		un = -un
	}
	if d < 0 {
		ud = -ud
	}
	var ur uint64
	q := udivmod64(un, ud, &ur)
	if n < 0 {
		ur = -ur
	}
	*rem = int64(ur)
	if n < 0 != (d < 0) {
		q = -q
	}
	return int64(q)
}

//export __udivdi3
func udivdi3(n, d uint64) uint64 {
	var r uint64
	return udivmod64(n, d, &r)
}

//export __umoddi3
func umoddi3(n, d uint64) uint64 {
	var r uint64
	udivmod64(n, d, &r)
	return r
}

//export __divdi3
func divdi3(n, d int64) int64 {
	var r int64
	return divmod64(n, d, &r)
}

//export __moddi3
func moddi3(n, d int64) int64 {
	var r int64
	divmod64(n, d, &r)
	return r
}

//export __udivmoddi4
func udivmoddi4(n, d uint64, rem *uint64) uint64 { return udivmod64(n, d, rem) }

//export __muldi3
func muldi3(a, b uint64) uint64 {
	var p uint64
	for b != 0 {
		if b&1 != 0 {
			p += a
		}
		a <<= 1
		b >>= 1
	}
	return p
}

// Shifts by a count that the machine cannot do at once.

//export __ashldi3
func ashldi3(a uint64, n int32) uint64 {
	p := (*[2]uint32)(unsafe.Pointer(&a))
	if n >= 32 {
		p[1] = p[0] << (uint32(n) & 31)
		p[0] = 0
	} else if n > 0 {
		p[1] = p[1]<<(uint32(n)&31) | p[0]>>(uint32(32-n)&31)
		p[0] <<= uint32(n) & 31
	}
	return a
}

//export __lshrdi3
func lshrdi3(a uint64, n int32) uint64 {
	p := (*[2]uint32)(unsafe.Pointer(&a))
	if n >= 32 {
		p[0] = p[1] >> (uint32(n) & 31)
		p[1] = 0
	} else if n > 0 {
		p[0] = p[0]>>(uint32(n)&31) | p[1]<<(uint32(32-n)&31)
		p[1] >>= uint32(n) & 31
	}
	return a
}

//export __ashrdi3
func ashrdi3(a int64, n int32) int64 {
	p := (*[2]uint32)(unsafe.Pointer(&a))
	high := int32(p[1])
	if n >= 32 {
		p[0] = uint32(high >> (uint32(n) & 31))
		p[1] = uint32(high >> 31)
	} else if n > 0 {
		p[0] = p[0]>>(uint32(n)&31) | p[1]<<(uint32(32-n)&31)
		p[1] = uint32(high >> (uint32(n) & 31))
	}
	return a
}
