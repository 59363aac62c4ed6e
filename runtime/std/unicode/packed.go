package unicode

// packed is a sorted table of ranges in a fifth of the room that Go's take. Initialisers evaluated at compile time make
// it from Go's, which then nobody needs. Of each range it has the distance from the end of the one before, times four,
// plus two bits of its kind; its length less one; and what the kind asks for.
type packed struct {
	bytes []byte
	// groups finds ranges without reading those before: the first number of every 16th range (21 bits), and where its
	// bytes start (11 bits).
	groups []uint32
}

const (
	groupSize  = 16
	offsetBits = 11
)

// appendNumber appends seven bits at a time, the lowest first.
func appendNumber(to []byte, n uint32) []byte {
	for n >= 0x80 {
		to = append(to, byte(n)|0x80)
		n >>= 7
	}
	return append(to, byte(n))
}

// appendDelta appends a number with its sign as lowest bit.
func appendDelta(to []byte, d rune) []byte { return appendNumber(to, uint32(d)<<1^uint32(d>>31)) }

// group is where the ranges start among which r is, the first of them, and where they end.
func (t *packed) group(r uint32) (at int, first uint32, end int) {
	low, high := 0, len(t.groups)
	for low < high {
		middle := int(uint(low+high) >> 1)
		if t.groups[middle]>>offsetBits <= r {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == 0 {
		return 0, 0, 0
	}
	end = len(t.bytes)
	if low < len(t.groups) {
		end = t.offset(low)
	}
	return t.offset(low - 1), t.groups[low-1] >> offsetBits, end
}

func (t *packed) offset(group int) int { return int(t.groups[group] & (1<<offsetBits - 1)) }

func (t *packed) number(at int) (n uint32, next int) {
	for shift := 0; ; shift += 7 {
		b := t.bytes[at]
		at++
		n |= uint32(b&0x7f) << shift
		if b < 0x80 {
			return n, at
		}
	}
}
