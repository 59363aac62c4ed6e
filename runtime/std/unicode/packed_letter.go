package unicode

// letters is Letter. Ranges of every other rune and the like have kind 1 and their stride behind them.
var letters = packTable(Letter)

func packTable(t *RangeTable) packed {
	p := newPacker()
	for _, r := range t.R16 {
		packRange(p, uint32(r.Lo), uint32(r.Hi), uint32(r.Stride))
	}
	for _, r := range t.R32 {
		packRange(p, r.Lo, r.Hi, r.Stride)
	}
	return p.table()
}

func packRange(p *packer, low, high, stride uint32) {
	if stride == 1 {
		p.start(low, high, 0)
		return
	}
	p.start(low, high, 1)
	p.number(stride)
}

func (t *packed) has(r uint32) bool {
	at, end, stop := t.group(r)
	for at < stop {
		var first, length uint32
		first, at = t.number(at)
		length, at = t.number(at)
		stride := uint32(1)
		if first&1 != 0 {
			stride, at = t.number(at)
		}
		low := end + first>>2
		end = low + length
		if r <= end {
			return r >= low && (stride == 1 || (r-low)%stride == 0)
		}
	}
	return false
}

// IsLetter reports whether the rune is a letter (category L).
func IsLetter(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return properties[uint8(r)]&pLmask != 0
	}
	return letters.has(uint32(r))
}
