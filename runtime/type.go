package runtime

import "unsafe"

// The types of this file mirror those of internal/abi, which the compiler emits descriptors for. They are spelled out
// here because the runtime has to fit every Go version that it is used with, and stays free of imports.

type _type struct {
	size       uintptr
	ptrBytes   uintptr
	hash       uint32
	tflag      uint8
	align      uint8
	fieldAlign uint8
	kind       uint8
	equal      func(p, q unsafe.Pointer) bool
	gcData     *byte
	str        nameOff
	ptrToThis  int32
}

const (
	tflagUncommon      = 1 << 0
	tflagExtraStar     = 1 << 1
	tflagNamed         = 1 << 2
	tflagRegularMemory = 1 << 3
	tflagDirectIface   = 1 << 5

	kindMask = 1<<5 - 1
)

// The kinds of package reflect.
const (
	kindBool = iota + 1
	kindInt
	kindInt8
	kindInt16
	kindInt32
	kindInt64
	kindUint
	kindUint8
	kindUint16
	kindUint32
	kindUint64
	kindUintptr
	kindFloat32
	kindFloat64
	kindComplex64
	kindComplex128
	kindArray
	kindChan
	kindFunc
	kindInterface
	kindMap
	kindPointer
	kindSlice
	kindString
	kindStruct
	kindUnsafePointer
)

// nameOff leads to a name, see resolveOffset.
type nameOff int32

// string decodes a name: a byte of flags, the length as a varint, the bytes.
func (off nameOff) string() string {
	return nameString((*byte)(resolveOffset(int32(off))))
}

func nameString(name *byte) string {
	p := unsafe.Pointer(name)
	n, i := uintptr(0), uintptr(1)
	for shift := uint(0); ; shift += 7 {
		b := *(*byte)(unsafe.Add(p, i))
		i++
		n |= uintptr(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	return unsafe.String((*byte)(unsafe.Add(p, i)), int(n))
}

type itab struct {
	inter *_type
	typ   *_type
	hash  uint32
	fun   [1]uintptr
}

type imethod struct {
	name nameOff
	typ  int32
}

type interfacetype struct {
	_type
	pkgPath *byte
	methods []imethod
}

type maptype struct {
	_type
	key    *_type
	elem   *_type
	group  *_type
	hasher func(p unsafe.Pointer, seed uintptr) uintptr
	sizes  [3]uintptr
	flags  uint32
}

type arraytype struct {
	_type
	elem  *_type
	slice *_type
	len   uintptr
}

// fullName is a name that is given by pointer.
type fullName struct{ bytes *byte }

func (n fullName) string() string { return nameString(n.bytes) }

type structfield struct {
	name   fullName
	typ    *_type
	offset uintptr
}

type structtype struct {
	_type
	pkgPath fullName
	fields  []structfield
}

type uncommontype struct {
	pkgPath nameOff
	mcount  uint16
	xcount  uint16
	moff    uint32
	_       uint32
}

type method struct {
	name nameOff
	mtyp int32
	ifn  int32
	tfn  int32
}

// methods are those of a type with a name, or of a pointer to one.
func (t *_type) methods() []method {
	if t.tflag&tflagUncommon == 0 {
		return nil
	}
	// The uncommon part follows the part of the kind.
	const word = unsafe.Sizeof(uintptr(0))
	size := unsafe.Sizeof(_type{})
	switch t.kind & kindMask {
	case kindPointer, kindSlice:
		size += word
	case kindArray:
		size += 3 * word
	case kindChan:
		size += 2 * word
	case kindFunc:
		size = alignUp(size+4, word) + word
	case kindInterface:
		size = unsafe.Sizeof(interfacetype{})
	case kindMap:
		size = unsafe.Sizeof(maptype{})
	case kindStruct:
		size += 4 * word
	}
	const align = unsafe.Alignof(uint32(0))
	size = (size + align - 1) &^ (align - 1)
	u := (*uncommontype)(unsafe.Add(unsafe.Pointer(t), size))
	return unsafe.Slice((*method)(unsafe.Add(unsafe.Pointer(u), u.moff)), int(u.mcount))
}

// typeString is the name of a type as %T prints it.
func typeString(t *_type) string {
	s := t.str.string()
	if t.tflag&tflagExtraStar != 0 {
		return s[1:]
	}
	return s
}

func alignUp(n, align uintptr) uintptr { return (n + align - 1) &^ (align - 1) }
