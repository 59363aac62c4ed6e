package reflect

import "unsafe"

// The type of an array's slices is not recorded with the array's type, so that programs without such slices do without
// it; it is looked up, or made.

// sliceHeader is what a slice value consists of.
type sliceHeader struct {
	data     unsafe.Pointer
	len, cap int
}

// Slice returns v[i:j]. It panics if v is no slice, string or addressable array, or if the indices are out of bounds.
func (v Value) Slice(i, j int) Value {
	if v.kind() != String {
		return v.cut("reflect.Value.Slice", i, j, -1)
	}
	s := *(*string)(v.ptr)
	if i < 0 || j < i || j > len(s) {
		panic("reflect.Value.Slice: string slice index out of bounds")
	}
	s = s[i:j]
	return Value{v.typ(), unsafe.Pointer(&s), v.flag}
}

// Slice3 returns v[i:j:k]. It panics if v is no slice or addressable array, or if the indices are out of bounds.
func (v Value) Slice3(i, j, k int) Value {
	if k < 0 {
		panic("reflect.Value.Slice3: slice index out of bounds")
	}
	return v.cut("reflect.Value.Slice3", i, j, k)
}

// cut is both for slices and arrays; a negative k stands for the capacity.
func (v Value) cut(method string, i, j, k int) Value {
	var whole sliceHeader
	typ := v.typ()
	switch v.kind() {
	case Slice:
		whole = *(*sliceHeader)(v.ptr)
	case Array:
		if v.flag&flagAddr == 0 {
			panic(method + ": slice of unaddressable array")
		}
		n := int((*arrayType)(unsafe.Pointer(typ)).Len)
		whole = sliceHeader{v.ptr, n, n}
		typ = SliceOf(toType(typ.Elem())).common()
	default:
		panic(&ValueError{method, v.kind()})
	}
	if k < 0 {
		k = whole.cap
	}
	if i < 0 || j < i || k < j || k > whole.cap {
		panic(method + ": slice index out of bounds")
	}
	part := new(sliceHeader)
	*part = sliceHeader{whole.data, j - i, k - i}
	if k > i {
		// An empty slice must not point behind the array.
		part.data = unsafe.Add(whole.data, uintptr(i)*typ.Elem().Size())
	}
	return Value{typ, unsafe.Pointer(part), v.flag.ro() | flagIndir | flag(Slice)}
}
