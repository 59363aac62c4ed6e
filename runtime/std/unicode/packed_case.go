package unicode

// cases is CaseRanges. The deltas stand behind each range.
var cases = packCases()

// What the deltas of a range are.
const (
	alternating = iota // none: upper and lower case in turn
	toLower            // the delta to lower case
	toUpper            // the delta to upper and title case
	toAny              // three deltas
)

func packCases() packed {
	p := newPacker()
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
		p.start(r.Lo, r.Hi, kind)
		switch kind {
		case toLower:
			p.delta(lower)
		case toUpper:
			p.delta(upper)
		case toAny:
			p.delta(upper)
			p.delta(lower)
			p.delta(title)
		}
	}
	return p.table()
}

// To maps the rune to the specified case: UpperCase, LowerCase, or TitleCase.
func To(_case int, r rune) rune {
	if _case < 0 || MaxCase <= _case {
		return ReplacementChar
	}
	at, end, stop := cases.group(uint32(r))
	for at < stop {
		var first, length uint32
		first, at = cases.number(at)
		length, at = cases.number(at)
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
			d, at = cases.number(at)
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

// SimpleFold iterates over the code points that are equal to a rune under simple case folding: it returns the smallest
// that is greater, or else the smallest of all.
func SimpleFold(r rune) rune {
	if r < 0 || r > MaxRune {
		return r
	}
	if int(r) < len(asciiFold) {
		return rune(asciiFold[r])
	}
	// Those with more than two.
	low, high := 0, len(caseOrbit)
	for low < high {
		middle := int(uint(low+high) >> 1)
		if rune(caseOrbit[middle].From) < r {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low < len(caseOrbit) && rune(caseOrbit[low].From) == r {
		return rune(caseOrbit[low].To)
	}
	if lower := To(LowerCase, r); lower != r {
		return lower
	}
	return To(UpperCase, r)
}
