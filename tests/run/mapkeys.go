// Maps with keys of every kind: integers, floats with NaN, strings, arrays, structs, interfaces, pointers, channels.
//
// run: host linux/386 linux/arm linux/arm64 linux/riscv64 wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: needs more than 2 KB of RAM
package main

type key struct {
	a int8
	s string
	_ int
	f float64
}

type named int

type shape interface{ area() int }
type square struct{ side int }

func (s square) area() int { return s.side * s.side }

func try(name string, f func()) {
	defer func() {
		if e := recover(); e != nil {
			println(name, e.(error).Error())
		}
	}()
	f()
}

func main() {
	zero := 0.0
	nan := zero / zero
	floats := map[float64]int{0: 1, 1.5: 2}
	floats[-zero] += 10
	floats[nan] = 3
	floats[nan] = 4
	_, ok := floats[nan]
	println(len(floats), floats[0], ok)
	delete(floats, nan)
	n := 0
	for k, v := range floats {
		if k != k {
			n += v
		}
	}
	println(len(floats), n)
	clear(floats)
	println(len(floats))

	structs := map[key]string{{1, "x", 0, 2}: "a", {1, "x", 0, -zero}: "b"}
	structs[key{a: 1, s: "x"}] = "c"
	println(len(structs), structs[key{1, "x", 0, 2}], structs[key{1, "x", 0, 0}], structs[key{}] == "")

	any := map[any]int{1: 1, int8(1): 2, named(1): 3, "1": 4, 1.0: 5, true: 6, [2]int{1, 2}: 7, nil: 8, square{2}: 9, 'x': 10}
	println(len(any), any[1], any[int8(1)], any[named(1)], any["1"], any[1.0], any[true], any[[2]int{1, 2}], any[nil], any[square{2}], any[int32('x')], any[uint(1)])
	try("slice", func() { any[[]int{1}] = 1 })
	try("func", func() { _ = any[func() {}] })
	try("map in struct", func() { delete(any, struct{ m map[int]int }{}) })
	println(len(any))

	shapes := map[shape]string{square{1}: "one", square{3}: "three"}
	println(shapes[square{3}], len(shapes))

	x, y := 1, 1
	pointers := map[*int]string{&x: "x", &y: "y"}
	println(pointers[&x], pointers[&y], pointers[nil] == "")
	ch := make(chan int)
	println(map[chan int]int{ch: 5}[ch])
	arrays := map[[3]byte]int{{1, 2, 3}: 6}
	arrays[[3]byte{1, 2}] = 3
	println(arrays[[3]byte{1, 2, 3}], arrays[[3]byte{1, 2, 0}], len(arrays))
	bools := map[bool]int{true: 1}
	bools[false]--
	println(bools[true], bools[false])
	u64 := map[uint64]uint64{1 << 63: 1, 1: 2}
	println(u64[1<<63], u64[1], u64[1<<32])
	c128 := map[complex128]int{1 + 2i: 3}
	println(c128[complex(1, 2)])
	set := map[string]struct{}{"a": {}, "b": {}}
	_, ok = set["a"]
	println(ok, len(set))
}
