package strconv

import "math/bits"

// keptStep is the distance of the powers of ten that are kept as they are: 5 to this power fits into 64 bits.
const keptStep = 27

// What pow10Tab holds, in a fourteenth of its room: every 27th of its entries, the powers of five that lead from these to
// those between (their highest bit set), and by how much in the last place what is computed so is wrong, two bits for
// each entry. Initialisers evaluated at compile time make this of pow10Tab, which no program carries then.
var (
	kept       = keepPowers()
	pow5       = powersOfFive()
	keptErrors = findErrors()
)

func keepPowers() (kept [(len(pow10Tab) + keptStep - 1) / keptStep][2]uint64) {
	for i := range kept {
		kept[i][0], kept[i][1] = exactPower(i * keptStep)
	}
	return kept
}

func powersOfFive() (powers [keptStep]uint64) {
	power := uint64(1)
	for i := range powers {
		powers[i] = power << bits.LeadingZeros64(power)
		power *= 5
	}
	return powers
}

func findErrors() (errors [(len(pow10Tab) + 3) / 4]uint8) {
	for i := range pow10Tab {
		_, exact := exactPower(i)
		_, lo := nearPower(i)
		errors[i/4] |= uint8(exact-lo+1) << (i % 4 * 2)
	}
	return errors
}

// nearPower computes the 128-bit mantissa of entry i of pow10Tab from one that is kept: it is one more than exact, or up to
// two less.
func nearPower(i int) (hi, lo uint64) {
	five, from := pow5[i%keptStep], &kept[i/keptStep]
	carry, rest := bits.Mul64(five, from[1])
	hi, lo = bits.Mul64(five, from[0])
	lo, carry = bits.Add64(lo, carry, 0)
	hi += carry
	if hi>>63 == 0 {
		return hi<<1 | lo>>63, lo<<1 | rest>>63
	}
	return hi, lo
}

// power returns the 128-bit mantissa of entry i of pow10Tab.
func power(i int) (hi, lo uint64) {
	hi, lo = nearPower(i)
	lo, carry := bits.Add64(lo, uint64(keptErrors[i/4]>>(i%4*2)&3), 0)
	lo, borrow := bits.Sub64(lo, 1, 0)
	hi += carry - borrow
	if hi == 0 {
		// One, whose neighbour below has another exponent.
		hi = 1 << 63
	}
	return hi, lo
}
