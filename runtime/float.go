package runtime

import "unsafe"

// Floats in their shortest form that reads back, as Go prints them since 1.26, by exact arithmetic on big naturals
// (Steele and White's algorithm with Dragon4's scaling): small and without tables, as printing floats is rare where
// code is dear.

const maxFloat64 = 1.79769313486231570814527423731704356798070e+308

// nat is an unsigned big number, least significant word first. 1,100 bits hold every intermediate of a float64.
type nat struct {
	n int
	w [36]uint32
}

func (x *nat) mulSmall(m uint32) {
	carry := uint64(0)
	for i := 0; i < x.n; i++ {
		carry += uint64(x.w[i]) * uint64(m)
		x.w[i] = uint32(carry)
		carry >>= 32
	}
	if carry != 0 {
		x.w[x.n] = uint32(carry)
		x.n++
	}
}

func (x *nat) shl(s uint) {
	for ; s >= 31; s -= 31 {
		x.mulSmall(1 << 31)
	}
	x.mulSmall(1 << s)
}

func (x *nat) set(v uint64) {
	x.n = 0
	for ; v != 0; v >>= 32 {
		x.w[x.n] = uint32(v)
		x.n++
	}
}

func (x *nat) cmp(y *nat) int {
	if x.n != y.n {
		if x.n < y.n {
			return -1
		}
		return 1
	}
	for i := x.n - 1; i >= 0; i-- {
		if x.w[i] != y.w[i] {
			if x.w[i] < y.w[i] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// sub subtracts y, which is not larger.
func (x *nat) sub(y *nat) {
	borrow := uint64(0)
	for i := 0; i < x.n; i++ {
		b := borrow
		if i < y.n {
			b += uint64(y.w[i])
		}
		d := uint64(x.w[i]) - b
		x.w[i] = uint32(d)
		borrow = d >> 63
	}
	for x.n > 0 && x.w[x.n-1] == 0 {
		x.n--
	}
}

// cmpSum compares x+y with z.
func cmpSum(x, y, z *nat) int {
	sum := *x
	carry := uint64(0)
	for i := 0; i < y.n || carry != 0; i++ {
		if i >= sum.n {
			sum.w[i] = 0
			sum.n = i + 1
		}
		carry += uint64(sum.w[i])
		if i < y.n {
			carry += uint64(y.w[i])
		}
		sum.w[i] = uint32(carry)
		carry >>= 32
	}
	return sum.cmp(z)
}

// shortest finds the fewest digits that identify a positive finite float of the given precision in bits, and the
// decimal exponent: the value is 0.d1d2d3… × 10^exp.
func shortest(v float64, precision uint, digits *[20]byte) (n, exp int) {
	bits := *(*uint64)(unsafe.Pointer(&v))
	e2 := int(bits>>52&0x7ff) - 1075
	mant := bits & (1<<52 - 1)
	if e2 == -1075 {
		e2++
	} else {
		mant |= 1 << 52
	}
	least := -1074 // exponent of the smallest subnormal
	if precision == 24 {
		least = -149
	}
	// The mantissa in units of the last place of its own format.
	drop := 53 - int(precision)
	if e2+drop < least {
		drop = least - e2
	}
	if drop > 0 {
		mant >>= uint(drop)
		e2 += drop
	}
	even := mant&1 == 0
	boundary := mant == 1<<(precision-1) && e2 > least // the gap below is half the one above

	// r/s is the value, up and down are half the gaps to the neighbours, all scaled by the same factor.
	var r, s, up, down nat
	r.set(mant)
	s.set(1)
	up.set(1)
	down.set(1)
	shift := uint(1)
	if boundary {
		shift = 2
		up.set(2)
	}
	r.shl(shift)
	s.shl(shift)
	if e2 >= 0 {
		r.shl(uint(e2))
		up.shl(uint(e2))
		down.shl(uint(e2))
	} else {
		s.shl(uint(-e2))
	}
	high := func() bool {
		c := cmpSum(&r, &up, &s)
		return c > 0 || c == 0 && even
	}
	for high() {
		s.mulSmall(10)
		exp++
	}
	for {
		r.mulSmall(10)
		up.mulSmall(10)
		down.mulSmall(10)
		if high() {
			break
		}
		exp--
	}
	for {
		d := byte(0)
		for r.cmp(&s) >= 0 {
			r.sub(&s)
			d++
		}
		low := r.cmp(&down)
		tooLow := low < 0 || low == 0 && even
		tooHigh := high()
		if tooLow || tooHigh {
			if tooHigh && !tooLow {
				d++
			} else if tooHigh {
				twice := r
				twice.mulSmall(2)
				if c := twice.cmp(&s); c > 0 || c == 0 && d&1 == 1 {
					d++
				}
			}
			digits[n] = '0' + d
			return n + 1, exp
		}
		digits[n] = '0' + d
		n++
		r.mulSmall(10)
		up.mulSmall(10)
		down.mulSmall(10)
	}
}

func printfloat(v float64, precision uint) {
	switch {
	case v != v:
		printstring("NaN")
		return
	case v > maxFloat64:
		printstring("+Inf")
		return
	case v < -maxFloat64:
		printstring("-Inf")
		return
	}
	if v < 0 || v == 0 && 1/v < 0 {
		putchar('-')
		v = -v
	}
	if v == 0 {
		putchar('0')
		return
	}
	var digits [20]byte
	n, exp := shortest(v, precision, &digits)
	// As %g: an exponent below 1e-4 and from 1e6 on (six digits decide, where the shortest form has fewer too).
	if exp < -3 || exp > 6 {
		putchar(digits[0])
		if n > 1 {
			putchar('.')
			printstring(unsafe.String(&digits[1], n-1))
		}
		putchar('e')
		exp--
		if exp < 0 {
			putchar('-')
			exp = -exp
		} else {
			putchar('+')
		}
		if exp < 10 {
			putchar('0')
		}
		printuint32(uint32(exp))
		return
	}
	if exp <= 0 {
		printstring("0.")
		for ; exp < 0; exp++ {
			putchar('0')
		}
		printstring(unsafe.String(&digits[0], n))
		return
	}
	for i := 0; i < n || i < exp; i++ {
		if i == exp {
			putchar('.')
		}
		if i < n {
			putchar(digits[i])
		} else {
			putchar('0')
		}
	}
}
