//go:build !go1.27

package strconv

func exactPower(i int) (hi, lo uint64) { return pow10Tab[i].Hi, pow10Tab[i].Lo }

// pow10 returns the 128-bit mantissa and the binary exponent of 10**e, if that is in the range of pow10Tab.
func pow10(e int) (mant uint128, exp int, ok bool) {
	if e < pow10Min || e > pow10Max {
		return
	}
	mant.Hi, mant.Lo = power(e - pow10Min)
	return mant, 1 + mulLog2_10(e), true
}
