//go:build go1.27

package strconv

// exactPower is entry i of pow10Tab, which has the lower half with the other sign.
func exactPower(i int) (hi, lo uint64) {
	entry := &pow10Tab[i]
	hi, lo = entry.hi, -entry.lo
	if lo != 0 {
		hi--
	}
	return hi, lo
}

// prescale returns the factors of 2**e * 10**p, lp being the binary logarithm of the latter.
func prescale(pre *scaler, e, p, lp int) {
	hi, lo := power(p - pow10Min)
	if lo != 0 {
		hi++
	}
	pre.pmHi, pre.pmLo = hi, -lo
	pre.s = -(e + lp + 3)
}
