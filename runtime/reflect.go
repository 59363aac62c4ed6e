package runtime

import "unsafe"

// What packages reflect and internal/reflectlite expect of package runtime.

// reflectOffsets are the addresses that reflection has made offsets for, where an address does not fit an offset. Where
// it does, they are kept alive here.
var reflectOffsets []unsafe.Pointer

const offsetsAreAddresses = unsafe.Sizeof(uintptr(0)) <= 4

// resolveOffset finds what an offset of a descriptor stands for: the image lies below 2 GB, so positive ones are
// addresses; negative ones count reflectOffsets.
func resolveOffset(off int32) unsafe.Pointer {
	if !offsetsAreAddresses && off < 0 {
		return reflectOffsets[-1-off]
	}
	return unsafe.Pointer(uintptr(off))
}

//go:linkname reflect_addReflectOff reflect.addReflectOff
func reflect_addReflectOff(p unsafe.Pointer) int32 {
	if !offsetsAreAddresses {
		if uintptr(p) < 1<<31 {
			return int32(uintptr(p))
		}
		for i, known := range reflectOffsets {
			if known == p {
				return int32(-1 - i)
			}
		}
	}
	reflectOffsets = append(reflectOffsets, p)
	if offsetsAreAddresses {
		return int32(uintptr(p))
	}
	return int32(-len(reflectOffsets))
}

//go:linkname reflect_resolveNameOff reflect.resolveNameOff
func reflect_resolveNameOff(base unsafe.Pointer, off int32) unsafe.Pointer { return resolveOffset(off) }

//go:linkname reflect_resolveTypeOff reflect.resolveTypeOff
func reflect_resolveTypeOff(base unsafe.Pointer, off int32) unsafe.Pointer { return resolveOffset(off) }

//go:linkname reflect_resolveTextOff reflect.resolveTextOff
func reflect_resolveTextOff(base unsafe.Pointer, off int32) unsafe.Pointer { return resolveOffset(off) }

//go:linkname reflectlite_resolveNameOff internal/reflectlite.resolveNameOff
func reflectlite_resolveNameOff(base unsafe.Pointer, off int32) unsafe.Pointer {
	return resolveOffset(off)
}

//go:linkname reflectlite_resolveTypeOff internal/reflectlite.resolveTypeOff
func reflectlite_resolveTypeOff(base unsafe.Pointer, off int32) unsafe.Pointer {
	return resolveOffset(off)
}

// typeTable has the types without names, sorted by their strings; the compiler fills it.
var typeTable []*_type

// zeroVal is what small zero values of package reflect share; nothing writes to it.
var zeroVal [1024]byte

// layout is the word that alloc wants for objects of a type.
func (t *_type) layout() uintptr {
	if t.ptrBytes == 0 {
		return layoutNoPointers
	}
	return layoutUnknown
}

// newobject allocates a value of a type that is known at run time only.
func newobject(t *_type) unsafe.Pointer { return alloc(t.size, t.layout()) }

//go:linkname reflect_unsafe_New reflect.unsafe_New
func reflect_unsafe_New(t *_type) unsafe.Pointer { return newobject(t) }

//go:linkname reflectlite_unsafe_New internal/reflectlite.unsafe_New
func reflectlite_unsafe_New(t *_type) unsafe.Pointer { return newobject(t) }

//go:linkname reflect_unsafe_NewArray reflect.unsafe_NewArray
func reflect_unsafe_NewArray(t *_type, n int) unsafe.Pointer {
	return makeslice(t.size, t.layout(), n, n)
}

//go:linkname reflect_typedmemmove reflect.typedmemmove
func reflect_typedmemmove(t *_type, dst, src unsafe.Pointer) { memmove(dst, src, t.size) }

//go:linkname reflectlite_typedmemmove internal/reflectlite.typedmemmove
func reflectlite_typedmemmove(t *_type, dst, src unsafe.Pointer) { memmove(dst, src, t.size) }

//go:linkname reflect_memmove reflect.memmove
func reflect_memmove(dst, src unsafe.Pointer, size uintptr) { memmove(dst, src, size) }

//go:linkname reflect_typedmemclr reflect.typedmemclr
func reflect_typedmemclr(t *_type, p unsafe.Pointer) { memzero(p, t.size) }

//go:linkname reflect_typedmemclrpartial reflect.typedmemclrpartial
func reflect_typedmemclrpartial(t *_type, p unsafe.Pointer, offset, size uintptr) { memzero(p, size) }

//go:linkname reflect_typedarrayclear reflect.typedarrayclear
func reflect_typedarrayclear(t *_type, p unsafe.Pointer, n int) { memzero(p, t.size*uintptr(n)) }

//go:linkname reflect_typedslicecopy reflect.typedslicecopy
func reflect_typedslicecopy(t *_type, dst, src slice) int {
	n := min(dst.len, src.len)
	memmove(dst.array, src.array, n*t.size)
	return int(n)
}

// reflect_growslice makes room for n more elements; the length stays.
//
//go:linkname reflect_growslice reflect.growslice
func reflect_growslice(t *_type, old slice, n int) slice {
	grown := growslice(old.array, int(old.len), int(old.cap), int(old.cap)+n-int(old.cap-old.len), t.size, t.layout())
	grown.len = old.len
	return grown
}

//go:linkname reflect_unsafeslice reflect.unsafeslice
func reflect_unsafeslice(t *_type, p unsafe.Pointer, n int) {
	if p == nil && n > 0 {
		panicUnsafeSlice(1)
	}
	// What lies between the address and the end of the address space is all there is.
	if n < 0 || t.size != 0 && n != 0 && uint64(n) > uint64(min(maxAlloc, -uintptr(p))/t.size) {
		panicUnsafeSlice(0)
	}
}

//go:linkname reflect_typehash reflect.typehash
func reflect_typehash(t *_type, p unsafe.Pointer, seed uintptr) uintptr {
	if t.equal == nil {
		panic(errorString("hash of unhashable type " + typeString(t)))
	}
	return valuehash(t, p, seed)
}

// reflect_verifyNotInHeapPtr tells whether an address may be that of an object outside the heap: not one that checks
// for bad pointers use.
//
//go:linkname reflect_verifyNotInHeapPtr reflect.verifyNotInHeapPtr
func reflect_verifyNotInHeapPtr(p uintptr) bool { return p != 1 }

//go:linkname reflect_ifaceE2I reflect.ifaceE2I
func reflect_ifaceE2I(inter *_type, e eface, dst *iface) {
	*dst = iface{assertE2I(inter, e.typ), e.data}
}

//go:linkname reflectlite_ifaceE2I internal/reflectlite.ifaceE2I
func reflectlite_ifaceE2I(inter *_type, e eface, dst *iface) {
	*dst = iface{assertE2I(inter, e.typ), e.data}
}

// Channels.

// chantype is the descriptor of a channel type.
type chantype struct {
	_type
	elem *_type
	dir  int
}

//go:linkname reflect_makechan reflect.makechan
func reflect_makechan(t *chantype, size int) *hchan {
	return makechan(t.elem.size, t.elem.layout(), size)
}

//go:linkname reflect_chanlen reflect.chanlen
func reflect_chanlen(c *hchan) int { return chanlen(c) }

//go:linkname reflectlite_chanlen internal/reflectlite.chanlen
func reflectlite_chanlen(c *hchan) int { return chanlen(c) }

//go:linkname reflect_chancap reflect.chancap
func reflect_chancap(c *hchan) int { return chancap(c) }

//go:linkname reflect_chanclose reflect.chanclose
func reflect_chanclose(c *hchan) { closechan(c) }

//go:linkname reflect_chansend reflect.chansend0
func reflect_chansend(c *hchan, elem unsafe.Pointer, nonblocking bool) bool {
	if nonblocking {
		chosen, _ := selectgo(&scase{c, elem, true}, 1, false)
		return chosen == 0
	}
	chansend(c, elem)
	return true
}

//go:linkname reflect_chanrecv reflect.chanrecv
func reflect_chanrecv(c *hchan, nonblocking bool, elem unsafe.Pointer) (selected, received bool) {
	if nonblocking {
		chosen, ok := selectgo(&scase{c, elem, false}, 1, false)
		return chosen == 0, ok
	}
	return true, chanrecv(c, elem)
}

// runtimeSelect is reflect's form of a case.
type runtimeSelect struct {
	dir  int // 1 send, 2 receive, 3 default
	typ  *_type
	c    *hchan
	elem unsafe.Pointer
}

//go:linkname reflect_rselect reflect.rselect
func reflect_rselect(given []runtimeSelect) (chosen int, recvOK bool) {
	cases := make([]scase, len(given))
	byDefault := -1
	for i, g := range given {
		if g.dir == 3 {
			byDefault = i // stays without a channel and so is never chosen
			continue
		}
		cases[i] = scase{g.c, g.elem, g.dir == 1}
	}
	chosen, recvOK = selectgo(unsafe.SliceData(cases), len(cases), byDefault < 0)
	if chosen < 0 {
		return byDefault, false
	}
	return chosen, recvOK && given[chosen].dir == 2
}

// Maps.

//go:linkname reflect_makemap reflect.makemap
func reflect_makemap(t *maptype, hint int) *hmap { return makemap(t, hint) }

//go:linkname reflect_maplen reflect.maplen
func reflect_maplen(m *hmap) int { return maplen(m) }

//go:linkname reflectlite_maplen internal/reflectlite.maplen
func reflectlite_maplen(m *hmap) int { return maplen(m) }

//go:linkname reflect_mapaccess reflect.mapaccess
func reflect_mapaccess(t *maptype, m *hmap, key unsafe.Pointer) unsafe.Pointer {
	return mapaccess(t, m, key)
}

//go:linkname reflect_mapassign reflect.mapassign0
func reflect_mapassign(t *maptype, m *hmap, key, elem unsafe.Pointer) {
	memmove(mapassign(t, m, key), elem, t.elem.size)
}

//go:linkname reflect_mapdelete reflect.mapdelete
func reflect_mapdelete(t *maptype, m *hmap, key unsafe.Pointer) { mapdelete(t, m, key) }

//go:linkname reflect_mapclear reflect.mapclear
func reflect_mapclear(t *maptype, m *hmap) { mapclear(t, m) }

//go:linkname reflect_mapLayout reflect.mapLayout
func reflect_mapLayout(t *maptype, needKeyUpdate, hashMightPanic bool) {
	at := alignUp(t.key.size, uintptr(t.elem.align))
	align := max(uintptr(t.key.align), uintptr(t.elem.align))
	t.sizes = [3]uintptr{0, alignUp(at+t.elem.size, align), at}
	if needKeyUpdate {
		t.flags |= mapNeedKeyUpdate
	}
	if hashMightPanic {
		t.flags |= mapHashMightPanic
	}
}

//go:linkname reflect_mapiterinit reflect.mapiterinit
func reflect_mapiterinit(t *maptype, m *hmap) *hiter {
	it := new(hiter)
	mapiterinit(t, m, it)
	return it
}

//go:linkname reflect_mapiternext reflect.mapiternext
func reflect_mapiternext(it *hiter) { mapiternext(it) }

// Only AIX needs it; Go 1.27 has a place for it in StructOf.
//
//go:linkname reflect_adjustAIXGCDataForRuntime reflect.adjustAIXGCDataForRuntime
func reflect_adjustAIXGCDataForRuntime(addr *byte) *byte { return addr }

// maps_clone copies a map that an interface holds.
//
//go:linkname maps_clone maps.clone
func maps_clone(m any) any {
	e := (*eface)(unsafe.Pointer(&m))
	t := (*maptype)(unsafe.Pointer(e.typ))
	from := (*hmap)(e.data)
	to := makemap(t, maplen(from))
	var it hiter
	for mapiterinit(t, from, &it); it.key != nil; mapiternext(&it) {
		memmove(mapassign(t, to, it.key), it.elem, t.elem.size)
	}
	e.data = unsafe.Pointer(to)
	return m
}
