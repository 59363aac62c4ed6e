package runtime

import "unsafe"

// hmap is a hash table with open addressing. Its slots, a key and an element each, lie in groups of eight. A group starts
// with a byte of control for each slot: empty, deleted, or seven bits of the hash of its key, so that a search looks at
// eight slots at once and compares hardly a key in vain. Which group a search starts with the other bits say.
type hmap struct {
	count  int            // live entries
	seed   uintptr        // of the hash; a new one when the map is cleared
	groups unsafe.Pointer // nil before the first entry
	mask   uintptr        // number of groups - 1
	room   uintptr        // slots that may become used before the table grows
}

const (
	groupSlots = 8
	slotsAt    = 8 // offset of the first slot in a group: behind the control bytes

	slotEmpty   = 0x80
	slotDeleted = 0xfe
	allEmpty    = 0x8080_8080_8080_8080

	hashBits = 7 // of a hash in the control byte
)

func (t *maptype) slotSize() uintptr  { return t.sizes[1] }
func (t *maptype) elemAt() uintptr    { return t.sizes[2] }
func (t *maptype) groupSize() uintptr { return slotsAt + (groupSlots*t.slotSize()+7)&^7 }

func (m *hmap) group(t *maptype, number uintptr) unsafe.Pointer {
	return unsafe.Add(m.groups, number*t.groupSize())
}

func slotOf(t *maptype, group unsafe.Pointer, i uintptr) unsafe.Pointer {
	return unsafe.Add(group, slotsAt+i*t.slotSize())
}

func control(group unsafe.Pointer, i uintptr) *uint8 { return (*uint8)(unsafe.Add(group, i)) }

// roomOf is the number of slots in use from which on the table is too full. One group may be filled: a search ends after
// as many groups as there are.
func roomOf(groups uintptr) uintptr {
	if groups == 1 {
		return groupSlots
	}
	return groups * (groupSlots - 1)
}

func makemap(t *maptype, hint int) *hmap {
	m := new(hmap)
	m.seed = uintptr(fastrand())
	if hint > groupSlots {
		groups := uintptr(2)
		for uintptr(hint) > roomOf(groups) && groups < maxAlloc/2/t.groupSize() {
			groups *= 2
		}
		m.newTable(t, groups)
	}
	return m
}

// newTable gives the map an empty table.
func (m *hmap) newTable(t *maptype, groups uintptr) {
	layout := uintptr(layoutUnknown)
	if t.key.ptrBytes == 0 && t.elem.ptrBytes == 0 {
		layout = layoutNoPointers
	}
	m.groups = alloc(groups*t.groupSize(), layout)
	m.mask = groups - 1
	m.room = roomOf(groups)
	for i := uintptr(0); i < groups; i++ {
		*(*uint64)(m.group(t, i)) = allEmpty
	}
}

func maplen(m *hmap) int {
	if m == nil {
		return 0
	}
	return m.count
}

// find gives the slot of a key and its group, or nil. Every group on the way is full of keys and deleted slots but the last one.
func (m *hmap) find(t *maptype, key unsafe.Pointer, hash uintptr) (slot, group unsafe.Pointer) {
	tag := uint8(hash & (1<<hashBits - 1))
	number := hash >> hashBits
	for step := uintptr(0); step <= m.mask; {
		group = m.group(t, number&m.mask)
		if looksAtWords {
			word := *(*uint64)(group)
			// Zero bytes become 0x80; so may a byte 1 above one, where comparing the keys tells.
			differ := word ^ uint64(tag)*0x0101_0101_0101_0101
			for match := (differ - 0x0101_0101_0101_0101) &^ differ & allEmpty; match != 0; match &= match - 1 {
				slot := slotOf(t, group, uintptr(trailingZeros64(match))/8)
				if t.sameKey(key, slot) {
					return slot, group
				}
			}
			if word&^(word<<6)&allEmpty != 0 { // empty, unlike deleted, has no bit 1
				return nil, nil
			}
		} else {
			last := false
			for i := uintptr(0); i < groupSlots; i++ {
				switch *control(group, i) {
				case slotEmpty:
					last = true
				case tag:
					if slot := slotOf(t, group, i); t.sameKey(key, slot) {
						return slot, group
					}
				}
			}
			if last {
				return nil, nil
			}
		}
		step++
		number += step
	}
	return nil, nil
}

// sameKey compares a key with that of a slot.
func (t *maptype) sameKey(p, q unsafe.Pointer) bool {
	key := t.key
	if looksAtWords {
		if key.tflag&tflagRegularMemory != 0 && key.size == 8 {
			return *(*uint64)(p) == *(*uint64)(q)
		}
		if key.kind&kindMask == kindString {
			return stringEqual(*(*string)(p), *(*string)(q))
		}
	}
	return key.equalAt(p, q)
}

// equalAt compares two values in memory.
func (t *_type) equalAt(p, q unsafe.Pointer) bool {
	if t.tflag&tflagRegularMemory != 0 {
		return memequal(p, q, t.size)
	}
	return t.equal(p, q)
}

func mapaccess(t *maptype, m *hmap, key unsafe.Pointer) unsafe.Pointer {
	slot, _ := mapfind(t, m, key)
	if slot == nil {
		return nil
	}
	return unsafe.Add(slot, t.elemAt())
}

func mapfind(t *maptype, m *hmap, key unsafe.Pointer) (slot, group unsafe.Pointer) {
	if m == nil || m.count == 0 {
		if t.flags&mapHashMightPanic != 0 {
			t.hasher(key, 0) // panics for keys that cannot be hashed
		}
		return nil, nil
	}
	return m.find(t, key, t.hasher(key, m.seed))
}

// As internal/abi has it: the key holds interfaces.
const mapHashMightPanic = 1 << 1

func mapassign(t *maptype, m *hmap, key unsafe.Pointer) unsafe.Pointer {
	if m == nil {
		panicPlain("assignment to entry in nil map")
		return nil
	}
	hash := t.hasher(key, m.seed)
	slot := unsafe.Pointer(nil)
	if m.groups != nil {
		slot, _ = m.find(t, key, hash)
	}
	if slot == nil {
		if m.room == 0 {
			m.grow(t)
		}
		slot = m.insert(t, hash)
		m.count++
	} else if t.flags&mapNeedKeyUpdate == 0 {
		return unsafe.Add(slot, t.elemAt())
	}
	memmove(slot, key, t.key.size)
	return unsafe.Add(slot, t.elemAt())
}

// The key may be equal and yet differ (+0 and -0, strings at other places).
const mapNeedKeyUpdate = 1 << 0

// insert takes the first free slot for a hash that is not in the table.
func (m *hmap) insert(t *maptype, hash uintptr) unsafe.Pointer {
	number := hash >> hashBits
	for step := uintptr(1); ; step++ {
		group := m.group(t, number&m.mask)
		for i := uintptr(0); i < groupSlots; i++ {
			c := control(group, i)
			if *c&slotEmpty != 0 { // or deleted
				if *c == slotEmpty {
					m.room--
				}
				*c = uint8(hash & (1<<hashBits - 1))
				return slotOf(t, group, i)
			}
		}
		number += step
	}
}

// grow moves all entries to a new table: twice as large, or of the same size if many slots are deleted ones.
func (m *hmap) grow(t *maptype) {
	old, mask, groups := m.groups, m.mask, m.mask+1
	if old == nil {
		m.newTable(t, groups)
		return
	}
	movedSlot = findMoved
	if uintptr(m.count) > roomOf(groups)/2 {
		groups *= 2
	}
	m.newTable(t, groups)
	for n := uintptr(0); n <= mask; n++ {
		group := unsafe.Add(old, n*t.groupSize())
		for i := uintptr(0); i < groupSlots; i++ {
			if *control(group, i) < slotEmpty {
				from := slotOf(t, group, i)
				memmove(m.insert(t, t.hasher(from, m.seed)), from, t.slotSize())
			}
		}
	}
}

func mapdelete(t *maptype, m *hmap, key unsafe.Pointer) {
	slot, group := mapfind(t, m, key)
	if slot == nil {
		return
	}
	c := control(group, 0)
	if size := uint32(t.slotSize()); size != 0 {
		c = control(group, uintptr((uint32(uintptr(slot)-uintptr(group))-slotsAt)/size))
	}
	*c = slotDeleted
	// Where the group has an empty slot, no search goes on behind it.
	for i := uintptr(0); i < groupSlots; i++ {
		if *control(group, i) == slotEmpty {
			*c = slotEmpty
			m.room++
			break
		}
	}
	memzero(slot, t.slotSize())
	m.count--
}

func mapclear(t *maptype, m *hmap) {
	if m == nil || m.groups == nil {
		return
	}
	groups := m.mask + 1
	memzero(m.groups, groups*t.groupSize())
	for i := uintptr(0); i < groups; i++ {
		*(*uint64)(m.group(t, i)) = allEmpty
	}
	m.count, m.room = 0, roomOf(groups)
	m.seed = uintptr(fastrand())
}

// hiter is an iteration; the compiler reads key (nil at the end) and elem.
type hiter struct {
	key    unsafe.Pointer
	elem   unsafe.Pointer
	t      *maptype
	m      *hmap
	groups unsafe.Pointer // the table when the iteration began, which the map may have left since
	mask   uintptr
	at     uintptr // number of the next slot, counted from start
	seed   uintptr // of the map then
	start  uintptr // where the round began: Go's order is not to be relied on
}

// movedSlot is findMoved in programs with maps that grow, and nil in others, where nothing moves.
var movedSlot func(it *hiter, slot unsafe.Pointer) unsafe.Pointer

// findMoved looks for the entry of a slot in the table that the map has by now: it has moved, or is gone. One whose key is
// unlike itself (NaN) goes only with all others.
func findMoved(it *hiter, slot unsafe.Pointer) unsafe.Pointer {
	if now, _ := mapfind(it.t, it.m, slot); now != nil {
		return now
	}
	if it.seed != it.m.seed || it.t.key.equalAt(slot, slot) {
		return nil
	}
	return slot
}

func mapiterinit(t *maptype, m *hmap, it *hiter) {
	it.t, it.m, it.at = t, m, 0
	it.key = nil
	if m == nil || m.count == 0 {
		return
	}
	it.groups, it.mask, it.seed = m.groups, m.mask, m.seed
	it.start = uintptr(fastrand())
	mapiternext(it)
}

func mapiternext(it *hiter) {
	m, t := it.m, it.t
	slots := (it.mask + 1) * groupSlots
	for it.at < slots {
		number := (it.start + it.at) & (slots - 1)
		group := unsafe.Add(it.groups, number/groupSlots*t.groupSize())
		it.at++
		if *control(group, number%groupSlots) >= slotEmpty {
			continue
		}
		slot := slotOf(t, group, number%groupSlots)
		if it.groups != m.groups {
			if slot = movedSlot(it, slot); slot == nil {
				continue
			}
		}
		it.key, it.elem = slot, unsafe.Add(slot, t.elemAt())
		return
	}
	it.key = nil
}
