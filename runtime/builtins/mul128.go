//go:build tinygo.wasm

package runtime

// The product of two 128-bit integers, low 128 bits; the result goes where the caller says.
//
//export __multi3
func multi3(result *[2]uint64, aLow, aHigh, bLow, bHigh uint64) {
	const mask = 1<<32 - 1
	a0, a1 := aLow&mask, aLow>>32
	b0, b1 := bLow&mask, bLow>>32
	p00, p01, p10, p11 := a0*b0, a0*b1, a1*b0, a1*b1
	middle := p00>>32 + p01&mask + p10&mask
	result[0] = p00&mask | middle<<32
	result[1] = p11 + p01>>32 + p10>>32 + middle>>32 + aLow*bHigh + aHigh*bLow
}
