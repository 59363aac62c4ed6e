package reflect

import (
	"internal/abi"
	"unsafe"
)

// Maps are those of our package runtime; Go's are of another make.

var stringType = rtypeOf("")

func (t *rtype) Key() Type {
	if t.Kind() != Map {
		panic("reflect: Key of non-map type " + t.String())
	}
	return toType((*abi.MapType)(unsafe.Pointer(t)).Key)
}

// MapOf returns the type map[key]elem. It panics if keys cannot be compared.
func MapOf(key, elem Type) Type {
	k, e := key.common(), elem.common()
	if k.Equal == nil {
		panic("reflect.MapOf: invalid key type " + stringFor(k))
	}
	cached := cacheKey{Map, k, e, 0}
	if t, ok := lookupCache.Load(cached); ok {
		return t.(*rtype)
	}
	s := "map[" + stringFor(k) + "]" + stringFor(e)
	for _, t := range typesByString(s) {
		if m := (*abi.MapType)(unsafe.Pointer(t)); m.Key == k && m.Elem == e {
			found, _ := lookupCache.LoadOrStore(cached, toRType(t))
			return found.(*rtype)
		}
	}
	var model any = map[unsafe.Pointer]unsafe.Pointer(nil)
	m := new(abi.MapType)
	m.Type = **(**abi.Type)(unsafe.Pointer(&model))
	m.TFlag = abi.TFlagDirectIface
	m.Str = resolveReflectName(newName(s, "", false, false))
	m.Hash = fnv1(e.Hash, 'm', byte(k.Hash>>24), byte(k.Hash>>16), byte(k.Hash>>8), byte(k.Hash))
	m.PtrToThis = 0
	m.Key, m.Elem = k, e
	m.Hasher = func(p unsafe.Pointer, seed uintptr) uintptr { return typehash(k, p, seed) }
	mapLayout(&m.Type, needKeyUpdate(k), hashMightPanic(k))
	t, _ := lookupCache.LoadOrStore(cached, toRType(&m.Type))
	return t.(*rtype)
}

// mapTypeOf checks that v is a map.
func (v Value) mapType() *abi.MapType {
	v.mustBe(Map)
	return (*abi.MapType)(unsafe.Pointer(v.typ()))
}

// addressOf returns where the value is in memory.
func addressOf(v *Value) unsafe.Pointer {
	if v.flag&flagIndir != 0 {
		return v.ptr
	}
	return unsafe.Pointer(&v.ptr)
}

// MapIndex returns the element for a key, the zero Value if the map has none.
func (v Value) MapIndex(key Value) Value {
	t := v.mapType()
	key = key.assignTo("reflect.Value.MapIndex", t.Key, nil)
	elem := mapaccess(v.typ(), v.pointer(), addressOf(&key))
	if elem == nil {
		return Value{}
	}
	// What comes from an unexported field cannot be changed, be it the map or the key.
	return copyVal(t.Elem, (v.flag|key.flag).ro()|flag(t.Elem.Kind()), elem)
}

// SetMapIndex sets the element for a key, or deletes it if elem is the zero Value.
func (v Value) SetMapIndex(key, elem Value) {
	t := v.mapType()
	v.mustBeExported()
	key.mustBeExported()
	key = key.assignTo("reflect.Value.SetMapIndex", t.Key, nil)
	if elem.typ() == nil {
		mapdelete(v.typ(), v.pointer(), addressOf(&key))
		return
	}
	elem.mustBeExported()
	elem = elem.assignTo("reflect.Value.SetMapIndex", t.Elem, nil)
	mapassign(v.typ(), v.pointer(), addressOf(&key), addressOf(&elem))
}

// MapKeys returns the keys of a map, in no particular order.
func (v Value) MapKeys() []Value {
	t := v.mapType()
	fl := v.flag.ro() | flag(t.Key.Kind())
	m := v.pointer()
	keys := make([]Value, 0, maplen(m))
	for it := mapiterinit(v.typ(), m); it.key != nil; mapiternext(it) {
		keys = append(keys, copyVal(t.Key, fl, it.key))
	}
	return keys
}

// hiter is the head of the runtime's iterator: the key, nil at the end, and the element.
type hiter struct {
	key  unsafe.Pointer
	elem unsafe.Pointer
}

// mapLayout fills in the part of a map type whose form differs between Go's versions, as the runtime reads it.
func mapLayout(t *abi.Type, needKeyUpdate, hashMightPanic bool)

func mapiterinit(t *abi.Type, m unsafe.Pointer) *hiter
func mapiternext(it *hiter)

// A MapIter goes through a map; see [Value.MapRange].
type MapIter struct {
	m  Value
	it *hiter
}

// MapRange returns an iterator of a map, before its first entry.
func (v Value) MapRange() *MapIter {
	if v.kind() != Map {
		v.panicNotMap()
	}
	return &MapIter{m: v}
}

//go:noinline
func (f flag) panicNotMap() { f.mustBe(Map) }

// Next goes to the next entry and reports whether there is one.
func (iter *MapIter) Next() bool {
	switch {
	case !iter.m.IsValid():
		panic("MapIter.Next called on an iterator that does not have an associated map Value")
	case iter.it == nil:
		iter.it = mapiterinit(iter.m.typ(), iter.m.pointer())
	case iter.it.key == nil:
		panic("MapIter.Next called on exhausted iterator")
	default:
		mapiternext(iter.it)
	}
	return iter.it.key != nil
}

// Reset starts over, on another map; the zero Value lets go of the map.
func (iter *MapIter) Reset(v Value) {
	if v.IsValid() {
		v.mustBe(Map)
	}
	iter.m, iter.it = v, nil
}

// entry checks that the iterator is at an entry.
func (iter *MapIter) entry(method string) *abi.MapType {
	if iter.it == nil {
		panic(method + " called before Next")
	}
	if iter.it.key == nil {
		panic(method + " called on exhausted iterator")
	}
	return (*abi.MapType)(unsafe.Pointer(iter.m.typ()))
}

// Key returns the current key.
func (iter *MapIter) Key() Value {
	t := iter.entry("MapIter.Key")
	return copyVal(t.Key, iter.m.flag.ro()|flag(t.Key.Kind()), iter.it.key)
}

// Value returns the current element.
func (iter *MapIter) Value() Value {
	t := iter.entry("MapIter.Value")
	return copyVal(t.Elem, iter.m.flag.ro()|flag(t.Elem.Kind()), iter.it.elem)
}

// SetIterKey is v.Set(iter.Key()) without making a Value.
func (v Value) SetIterKey(iter *MapIter) {
	t := iter.entry("reflect: Value.SetIterKey")
	v.setIter(iter, t.Key, iter.it.key, "reflect.MapIter.SetKey")
}

// SetIterValue is v.Set(iter.Value()) without making a Value.
func (v Value) SetIterValue(iter *MapIter) {
	t := iter.entry("reflect: Value.SetIterValue")
	v.setIter(iter, t.Elem, iter.it.elem, "reflect.MapIter.SetValue")
}

func (v Value) setIter(iter *MapIter, t *abi.Type, from unsafe.Pointer, context string) {
	v.mustBeAssignable()
	var target unsafe.Pointer
	if v.kind() == Interface {
		target = v.ptr
	}
	iter.m.mustBeExported()
	x := Value{t, from, iter.m.flag | flag(t.Kind()) | flagIndir}
	x = x.assignTo(context, v.typ(), target)
	typedmemmove(v.typ(), v.ptr, x.ptr)
}
