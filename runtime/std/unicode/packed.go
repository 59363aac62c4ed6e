package unicode

// packed is a sorted table of ranges in a fifth of the room that Go's take. Initialisers evaluated at compile time make
// it from Go's, which then nobody needs. Numbers are written seven bits at a time, the lowest first.
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

// packer writes a packed table.
type packer struct {
	bytes  []byte
	groups []uint32
	count  int
	end    uint32
}

func newPacker() *packer {
	return &packer{bytes: make([]byte, 0, 1<<offsetBits), groups: make([]uint32, 0, 64)}
}

// start begins a range; kind are two bits about it.
func (p *packer) start(low, high, kind uint32) {
	if p.count%groupSize == 0 {
		if len(p.bytes) >= 1<<offsetBits {
			panic("unicode: packed table too large")
		}
		p.groups = append(p.groups, low<<offsetBits|uint32(len(p.bytes)))
		p.end = low
	}
	p.count++
	p.number((low-p.end)<<2 | kind)
	p.number(high - low)
	p.end = high
}

func (p *packer) number(n uint32) {
	for n >= 0x80 {
		p.bytes = append(p.bytes, byte(n)|0x80)
		n >>= 7
	}
	p.bytes = append(p.bytes, byte(n))
}

// delta writes a number with its sign as lowest bit.
func (p *packer) delta(d rune) { p.number(uint32(d)<<1 ^ uint32(d>>31)) }

// table is what was written, without spare room.
func (p *packer) table() packed {
	t := packed{bytes: make([]byte, len(p.bytes)), groups: make([]uint32, len(p.groups))}
	copy(t.bytes, p.bytes)
	copy(t.groups, p.groups)
	return t
}

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
