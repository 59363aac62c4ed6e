// Memory seen as another type of the same layout (package unsafe, "Pointer", pattern 1): the fields of a struct as an array
// and as a slice, an array as a struct.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
package main

import "unsafe"

type vector struct{ x, y, z int32 }

type pair struct{ first, second uint8 }

type nested struct {
	before int32
	inner  vector
}

var (
	place, sliced vector
	bytes         pair
	list          [3]int32
	words         struct{ low, high int32 }
	held          nested
)

//go:noinline
func fill(numbers *[3]int32, from int32) {
	for i := range numbers {
		numbers[i] = from + int32(i)
	}
}

//go:noinline
func fillSlice(numbers []int32, from int32) {
	for i := range numbers {
		numbers[i] = from + int32(i)
	}
}

//go:noinline
func setSecond(numbers *[2]uint8, value uint8) { numbers[1] = value }

//go:noinline
func (v *vector) digits() int32 { return v.x*100 + v.y*10 + v.z }

func main() {
	fill((*[3]int32)(unsafe.Pointer(&place)), 1)
	println(place.x, place.y, place.z, place.digits())

	fillSlice(unsafe.Slice(&sliced.x, 3), 4)
	println(sliced.x, sliced.y, sliced.z, sliced.digits())

	setSecond((*[2]uint8)(unsafe.Pointer(&bytes)), 3)
	println(bytes.first, bytes.second)
	if bytes.second != 0 {
		println("the second is set")
	}

	fill(&list, 7)
	v := (*vector)(unsafe.Pointer(&list))
	println(v.x, v.y, v.z)

	*(*int32)(unsafe.Add(unsafe.Pointer(&words), 4)) = 9
	println(words.low, words.high)

	fill((*[3]int32)(unsafe.Pointer(&held.inner)), 2)
	println(held.before, held.inner.x, held.inner.y, held.inner.z)

	made := new(vector)
	fill((*[3]int32)(unsafe.Pointer(made)), 5)
	println(made.x, made.y, made.z)
}
