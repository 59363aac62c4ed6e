// Bytes that pass as strings without a copy: compared, looked up, concatenated, walked through.
//
// run: host wasip1 cortex-m-qemu riscv-qemu
package main

import "runtime"

var bytes = []byte("abc")

func change() string {
	bytes[0] = 'x'
	return "abc"
}

func same() string { return "abc" }

type name string

func allocations(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}

var sink int

func main() {
	println(string(bytes) == "abc", "abd" > string(bytes), name(bytes) != "abc")
	println(change() == string(bytes), string(bytes))
	bytes[0] = 'a'

	m := map[string]int{"abc": 1}
	v, ok := m[string(bytes)]
	println(m[string(bytes)], v, ok)
	m[string(bytes)] = 2
	bytes[0] = 'z'
	println(m["abc"], m["zbc"], len(m))

	// A concatenation that has but one part is not that part.
	empty := ""
	s := empty + string(bytes)
	t := "<" + string(bytes) + ">"
	bytes[0] = 'a'
	println(s, t)

	for i, b := range []byte("hé") {
		print(i, ":", b, " ")
	}
	println()
	text := "loop"
	for _, b := range []byte(text) {
		text = "other"
		print(b, " ")
	}
	println(text)

	none := allocations(func() {})
	println(none == allocations(func() {
		if string(bytes) == same() {
			sink++
		}
		sink += m[string(bytes)]
		for range []byte(text) {
			sink++
		}
		if string(bytes) == string(bytes[:2]) {
			sink++
		}
	}))
}
