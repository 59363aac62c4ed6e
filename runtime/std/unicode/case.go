package unicode

// cases is CaseRanges in a fifth of the room, which initialisers evaluated at compile time make of it. Of each range it
// has the distance from the end of the one before, times four, plus what the deltas are; its length less one; and the
// deltas.
var cases = packCases()

const (
	alternating = iota // upper and lower case in turn
	toLower            // the delta to lower case
	toUpper            // the delta to upper and title case
	toAny              // three deltas
)

func packCases() []byte {
	packed := make([]byte, 0, 4096)
	end := uint32(0)
	for _, r := range CaseRanges {
		upper, lower, title := r.Delta[UpperCase], r.Delta[LowerCase], r.Delta[TitleCase]
		kind := uint32(toAny)
		switch {
		case upper == UpperLower && lower == UpperLower && title == UpperLower:
			kind = alternating
		case upper == 0 && title == 0:
			kind = toLower
		case lower == 0 && upper == title:
			kind = toUpper
		}
		packed = appendNumber(packed, (r.Lo-end)<<2|kind)
		packed = appendNumber(packed, r.Hi-r.Lo)
		end = r.Hi
		switch kind {
		case toLower:
			packed = appendDelta(packed, lower)
		case toUpper:
			packed = appendDelta(packed, upper)
		case toAny:
			packed = appendDelta(packed, upper)
			packed = appendDelta(packed, lower)
			packed = appendDelta(packed, title)
		}
	}
	exact := make([]byte, len(packed))
	copy(exact, packed)
	return exact
}

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

func readNumber(at int) (n uint32, next int) {
	for shift := 0; ; shift += 7 {
		b := cases[at]
		at++
		n |= uint32(b&0x7f) << shift
		if b < 0x80 {
			return n, at
		}
	}
}

// To maps the rune to the specified case: UpperCase, LowerCase, or TitleCase.
func To(_case int, r rune) rune {
	if _case < 0 || MaxCase <= _case {
		return ReplacementChar
	}
	end := uint32(0)
	for at := 0; at < len(cases); {
		var first, length uint32
		first, at = readNumber(at)
		length, at = readNumber(at)
		kind := first & 3
		low := end + first>>2
		end = low + length
		if uint32(r) < low {
			break
		}
		found := uint32(r) <= end
		count := 1
		switch kind {
		case alternating:
			if found {
				// The first of each pair is upper case.
				return rune(low + ((uint32(r)-low)&^1 | uint32(_case&1)))
			}
			count = 0
		case toAny:
			count = 3
		}
		for i := 0; i < count; i++ {
			var d uint32
			d, at = readNumber(at)
			if found && (kind == toLower && _case == LowerCase || kind == toUpper && _case != LowerCase || kind == toAny && i == _case) {
				return r + (rune(d>>1) ^ -rune(d&1))
			}
		}
		if found {
			break
		}
	}
	return r
}
