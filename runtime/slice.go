package runtime

import "unsafe"

// slice is the memory form of a slice: its length and capacity have the width of a pointer, which on AVR is less than
// that of int.
type slice struct {
	array unsafe.Pointer
	len   uintptr
	cap   uintptr
}

// Layout words of alloc.
const (
	layoutUnknown    = 0
	layoutNoPointers = 1
)

// maxAlloc is the largest object: half of the address space, so that sizes never overflow. Of 64-bit addresses, 48 bits
// are in use.
const maxAlloc = ^uintptr(0) >> 1 >> (15 * (^uintptr(0) >> 63))

func makeslice(elemSize, layout uintptr, len, cap int) unsafe.Pointer {
	if len < 0 || elemSize != 0 && uint64(len) > uint64(maxAlloc/elemSize) {
		panicMakeSlice("len")
		return nil
	}
	if cap < len || elemSize != 0 && uint64(cap) > uint64(maxAlloc/elemSize) {
		panicMakeSlice("cap")
		return nil
	}
	return alloc(uintptr(cap)*elemSize, layout)
}

// growslice is the slow path of append: a new array with room for newLen elements and more.
func growslice(old unsafe.Pointer, oldLen, oldCap, newLen int, elemSize, layout uintptr) slice {
	if newLen < 0 {
		panicPlain("growslice: len out of range")
		return slice{}
	}
	if elemSize == 0 {
		return slice{unsafe.Pointer(&zerobase), uintptr(newLen), uintptr(newLen)}
	}
	// Double small slices; from 256 elements on grow more slowly towards a factor of 1.25.
	newCap := newLen
	if double := oldCap + oldCap; newLen <= double {
		if oldCap < 256 {
			newCap = double
		} else {
			newCap = oldCap
			for newCap < newLen {
				newCap += (newCap + 3*256) >> 2
				if newCap < 0 {
					newCap = newLen
				}
			}
		}
	}
	if uint64(newCap) > uint64(maxAlloc/elemSize) {
		newCap = newLen
		if uint64(newLen) > uint64(maxAlloc/elemSize) {
			panicPlain("growslice: len out of range")
			return slice{}
		}
	}
	size := roundupsize(uintptr(newCap) * elemSize)
	p := alloc(size, layout)
	memmove(p, old, uintptr(oldLen)*elemSize)
	return slice{p, uintptr(newLen), size / elemSize}
}

// zerobase is the address of objects without size.
var zerobase uintptr
