package runtime

import "unsafe"

// complex128div divides complex numbers by scaling with the larger part of the divisor (Smith's method), and gives
// infinities and zeros where the parts came out as NaN though the quotient is none (C99, annex G.5.1).
func complex128div(a, b complex128) complex128 {
	ar, ai, br, bi := real(a), imag(a), real(b), imag(b)
	var re, im float64
	if absolute(br) >= absolute(bi) {
		ratio := bi / br
		divisor := br + ratio*bi
		re, im = (ar+ai*ratio)/divisor, (ai-ar*ratio)/divisor
	} else {
		ratio := br / bi
		divisor := bi + ratio*br
		re, im = (ar*ratio+ai)/divisor, (ai*ratio-ar)/divisor
	}
	if re == re || im == im {
		return complex(re, im)
	}
	switch {
	case br == 0 && bi == 0 && (ar == ar || ai == ai):
		inf := withSign(infinity(), br)
		re, im = inf*ar, inf*ai
	case (isInfinite(ar) || isInfinite(ai)) && isFinite(br) && isFinite(bi):
		ar, ai = unitOf(ar), unitOf(ai)
		re, im = infinity()*(ar*br+ai*bi), infinity()*(ai*br-ar*bi)
	case (isInfinite(br) || isInfinite(bi)) && isFinite(ar) && isFinite(ai):
		br, bi = unitOf(br), unitOf(bi)
		re, im = 0*(ar*br+ai*bi), 0*(ai*br-ar*bi)
	}
	return complex(re, im)
}

// infinity is made of bits: a division would be an initialiser that every program runs.
func infinity() float64 {
	bits := uint64(0x7FF) << 52
	return *(*float64)(unsafe.Pointer(&bits))
}

func absolute(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}

func isFinite(x float64) bool   { return x-x == 0 }
func isInfinite(x float64) bool { return x == x && !isFinite(x) }

// withSign gives a positive x the sign of s.
func withSign(x, s float64) float64 {
	if s < 0 || s == 0 && 1/s < 0 {
		return -x
	}
	return x
}

// unitOf is 1 for infinities and 0 for all others, with the sign of x.
func unitOf(x float64) float64 {
	if isInfinite(x) {
		return withSign(1, x)
	}
	return withSign(0, x)
}
