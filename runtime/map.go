package runtime

import "unsafe"

// hmap is a hash table with chained entries in insertion order of their slots: small code, no tombstones, and an
// iteration that survives growth because entries never move while an iterator may see them.
//
// Entries lie in chunks that are never moved; buckets hold indices into them. A deleted entry goes to the free list.
type hmap struct {
	count   int // live entries
	used    int // entries ever taken from chunks, free ones included
	seed    uintptr
	buckets *uint32 // 1 + entry number of the first in the chain, 0 = empty
	mask    uint32  // number of buckets - 1
	free    uint32  // 1 + entry number of the first free entry
	chunks  [26]unsafe.Pointer
	changes uint32 // counts clears, so that iterators start over
}

// An entry is: next uint32 (1 + number of the next in the chain), hash uint32 with the top bit set while it is live,
// key, elem. Chunk i holds chunkSize<<i entries, so 26 chunks hold more than 2^28.
const (
	chunkSize = 4
	entryLive = 1 << 31
)

type entry struct {
	next uint32
	hash uint32
}

// Offsets within an entry. Keys and elements are aligned to at most 8.
func (t *maptype) keyOffset() uintptr { return alignUp(unsafe.Sizeof(entry{}), uintptr(t.key.align)) }
func (t *maptype) elemOffset() uintptr {
	return alignUp(t.keyOffset()+t.key.size, uintptr(t.elem.align))
}
func (t *maptype) entrySize() uintptr {
	return alignUp(t.elemOffset()+t.elem.size, max(uintptr(t.key.align), uintptr(t.elem.align), unsafe.Alignof(entry{})))
}

func alignUp(n, align uintptr) uintptr { return (n + align - 1) &^ (align - 1) }

func makemap(t *maptype, hint int) *hmap {
	m := new(hmap)
	m.seed = uintptr(fastrand())
	buckets := uint32(4)
	for hint > int(buckets) && buckets < 1<<28 {
		buckets *= 2
	}
	m.setBuckets(buckets)
	return m
}

func (m *hmap) setBuckets(n uint32) {
	m.buckets = (*uint32)(alloc(uintptr(n)*4, layoutNoPointers))
	m.mask = n - 1
}

func (m *hmap) bucket(hash uint32) *uint32 {
	return (*uint32)(unsafe.Add(unsafe.Pointer(m.buckets), uintptr(hash&m.mask)*4))
}

// entry finds an entry by its number, from 0.
func (m *hmap) entry(t *maptype, number uint32) *entry {
	chunk, first, size := 0, uint32(0), uint32(chunkSize)
	for number-first >= size {
		first += size
		size *= 2
		chunk++
	}
	return (*entry)(unsafe.Add(m.chunks[chunk], uintptr(number-first)*t.entrySize()))
}

func maplen(m *hmap) int {
	if m == nil {
		return 0
	}
	return m.count
}

func (m *hmap) find(t *maptype, key unsafe.Pointer, hash uint32) *entry {
	offset := t.keyOffset()
	for i := *m.bucket(hash); i != 0; {
		e := m.entry(t, i-1)
		if e.hash == hash && t.key.equalAt(key, unsafe.Add(unsafe.Pointer(e), offset)) {
			return e
		}
		i = e.next
	}
	return nil
}

// equalAt compares two values in memory.
func (t *_type) equalAt(p, q unsafe.Pointer) bool {
	if t.tflag&tflagRegularMemory != 0 {
		return memequal(p, q, t.size)
	}
	return t.equal(p, q)
}

func (t *maptype) hash(m *hmap, key unsafe.Pointer) uint32 {
	return uint32(t.hasher(key, m.seed)) | entryLive
}

func mapaccess(t *maptype, m *hmap, key unsafe.Pointer) unsafe.Pointer {
	if m == nil || m.count == 0 {
		if t.flags&mapHashMightPanic != 0 {
			t.hasher(key, 0) // panics for keys that cannot be hashed
		}
		return nil
	}
	e := m.find(t, key, t.hash(m, key))
	if e == nil {
		return nil
	}
	return unsafe.Add(unsafe.Pointer(e), t.elemOffset())
}

// As internal/abi has it: the key holds interfaces.
const mapHashMightPanic = 1 << 1

func mapassign(t *maptype, m *hmap, key unsafe.Pointer) unsafe.Pointer {
	if m == nil {
		panicPlain("assignment to entry in nil map")
		return nil
	}
	hash := t.hash(m, key)
	if e := m.find(t, key, hash); e != nil {
		if t.flags&mapNeedKeyUpdate != 0 {
			memmove(unsafe.Add(unsafe.Pointer(e), t.keyOffset()), key, t.key.size)
		}
		return unsafe.Add(unsafe.Pointer(e), t.elemOffset())
	}
	if m.count > int(m.mask) {
		m.grow(t)
	}
	number := m.free
	if number != 0 {
		number--
		m.free = m.entry(t, number).next
	} else {
		number = uint32(m.used)
		m.addChunk(t, number)
		m.used++
	}
	e := m.entry(t, number)
	b := m.bucket(hash)
	e.next = *b
	e.hash = hash
	*b = number + 1
	m.count++
	memmove(unsafe.Add(unsafe.Pointer(e), t.keyOffset()), key, t.key.size)
	return unsafe.Add(unsafe.Pointer(e), t.elemOffset())
}

// The key may be equal and yet differ (+0 and -0, strings at other places).
const mapNeedKeyUpdate = 1 << 0

// addChunk makes sure that entry number exists.
func (m *hmap) addChunk(t *maptype, number uint32) {
	first, size := uint32(0), uint32(chunkSize)
	for chunk := 0; ; chunk++ {
		if number == first {
			layout := uintptr(layoutUnknown)
			if t.key.ptrBytes == 0 && t.elem.ptrBytes == 0 {
				layout = layoutNoPointers
			}
			m.chunks[chunk] = alloc(uintptr(size)*t.entrySize(), layout)
			return
		}
		if number-first < size {
			return
		}
		first += size
		size *= 2
	}
}

func (m *hmap) grow(t *maptype) {
	m.setBuckets((m.mask + 1) * 2)
	for i := uint32(0); i < uint32(m.used); i++ {
		e := m.entry(t, i)
		if e.hash&entryLive != 0 {
			b := m.bucket(e.hash)
			e.next = *b
			*b = i + 1
		}
	}
}

func mapdelete(t *maptype, m *hmap, key unsafe.Pointer) {
	if m == nil || m.count == 0 {
		if t.flags&mapHashMightPanic != 0 {
			t.hasher(key, 0)
		}
		return
	}
	hash := t.hash(m, key)
	offset := t.keyOffset()
	for link := m.bucket(hash); *link != 0; {
		number := *link - 1
		e := m.entry(t, number)
		if e.hash == hash && t.key.equalAt(key, unsafe.Add(unsafe.Pointer(e), offset)) {
			*link = e.next
			memzero(unsafe.Pointer(e), t.entrySize())
			e.next = m.free
			m.free = number + 1
			m.count--
			return
		}
		link = &e.next
	}
}

func mapclear(t *maptype, m *hmap) {
	if m == nil || m.used == 0 {
		return
	}
	memzero(unsafe.Pointer(m.buckets), uintptr(m.mask+1)*4)
	for i := range m.chunks {
		m.chunks[i] = nil
	}
	m.count, m.used, m.free = 0, 0, 0
	m.seed = uintptr(fastrand())
	m.changes++
}

// hiter is an iteration; the compiler reads key (nil at the end) and elem.
type hiter struct {
	key     unsafe.Pointer
	elem    unsafe.Pointer
	t       *maptype
	m       *hmap
	at      uint32 // next entry number, counted from start
	start   uint32 // where the round began: Go's order is not to be relied on
	limit   uint32 // entries when the round began; later ones follow at the end
	changes uint32
}

func mapiterinit(t *maptype, m *hmap, it *hiter) {
	it.t, it.m, it.at = t, m, 0
	it.key = nil
	if m == nil || m.count == 0 {
		return
	}
	it.limit = uint32(m.used)
	it.start = fastrand() % it.limit
	it.changes = m.changes
	mapiternext(it)
}

func mapiternext(it *hiter) {
	m, t := it.m, it.t
	if it.changes != m.changes {
		it.key = nil
		return
	}
	for it.at < uint32(m.used) {
		number := it.at
		if number < it.limit {
			number += it.start
			if number >= it.limit {
				number -= it.limit
			}
		}
		it.at++
		e := m.entry(t, number)
		if e.hash&entryLive != 0 {
			it.key = unsafe.Add(unsafe.Pointer(e), t.keyOffset())
			it.elem = unsafe.Add(unsafe.Pointer(e), t.elemOffset())
			return
		}
	}
	it.key = nil
}
