// Maps: insertion, lookup, deletion, growth, update in place, nil maps, clear.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// stress: host wasip1
// not arduino: needs more than 2 KB of RAM
package main

type counter struct{ n, sum int }

func main() {
	m := map[string]int{"one": 1, "two": 2}
	m["three"] = 3
	m["one"] += 10
	m["four"]++
	v, ok := m["five"]
	println(len(m), m["one"], m["three"], m["four"], v, ok)
	delete(m, "two")
	delete(m, "none")
	_, ok = m["two"]
	println(len(m), ok)

	var null map[int]int
	println(null == nil, len(null), null[3])
	delete(null, 1)
	for range null {
		println("never")
	}

	big := make(map[int32]int32)
	for i := int32(0); i < 40; i++ {
		big[i*7919] = i
	}
	for i := int32(0); i < 40; i += 2 {
		delete(big, i*7919)
	}
	sum := int32(0)
	for k, v := range big {
		if k != v*7919 {
			println("wrong", k, v)
		}
		sum += v
	}
	println(len(big), sum)

	lists := map[byte][]int{}
	for i := range 12 {
		lists[byte(i%3)] = append(lists[byte(i%3)], i)
	}
	println(len(lists), len(lists[1]), lists[2][3])

	structs := map[int]*counter{}
	for i := range 10 {
		c := structs[i%2]
		if c == nil {
			c = new(counter)
			structs[i%2] = c
		}
		c.n++
		c.sum += i
	}
	println(structs[0].sum, structs[1].sum, structs[1].n)
	byValue := map[string]counter{"a": {1, 2}}
	c := byValue["a"]
	c.n = 9
	println(byValue["a"].n, byValue["b"].sum)
	clear(big)
	println(len(big), big[7919])
	big[1] = 5
	alias := big
	alias[2] = 6
	println(len(big), big[2])
}
