package abi

import "unsafe"

// MapType describes a map type. From Go 1.27 on, Go's own has further words between the hash function and the flags; this
// is what the compiler writes, and package runtime reads, with every release.
type MapType struct {
	Type
	Key       *Type
	Elem      *Type
	Group     *Type // nil
	Hasher    func(unsafe.Pointer, uintptr) uintptr
	GroupSize uintptr
	SlotSize  uintptr
	ElemOff   uintptr
	Flags     uint32
}
