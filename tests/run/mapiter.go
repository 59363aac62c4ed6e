// Iteration over maps: every entry once, deletion and insertion on the way, nested loops, clear in the middle.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: needs more than 2 KB of RAM
package main

func main() {
	m := map[int]int{}
	for i := range 100 {
		m[i] = i * i
	}
	seen := [100]int{}
	for k, v := range m {
		if v != k*k {
			println("wrong", k, v)
		}
		seen[k]++
	}
	for i, n := range seen {
		if n != 1 {
			println("seen", i, n)
		}
	}
	// Every entry that is deleted before it was reached is not seen.
	n := 0
	for k := range m {
		n++
		delete(m, k)
		delete(m, k^1)
	}
	println(n, len(m))

	for i := range 10 {
		m[i] = 1
	}
	// Old entries are seen once, however much the map grows on the way; new ones at most once.
	old := 0
	for k := range m {
		if k < 10 {
			old++
			for j := range 20 {
				m[1000+k*20+j] = 2
			}
		}
	}
	println(old, len(m))

	pairs := 0
	small := map[string]bool{"a": true, "b": true, "c": false}
	for a, x := range small {
		for b, y := range small {
			if a != b && x == y {
				pairs++
			}
		}
	}
	println(pairs)
	rounds := 0
	for range m {
		rounds++
		clear(m)
	}
	println(rounds, len(m))
	sum := 0
	for _, v := range map[int]int{1: 10, 2: 20} {
		sum += v
	}
	println(sum)
	firsts := map[string]int{}
	for range 200 {
		for k := range small {
			firsts[k]++
			break
		}
	}
	println(len(firsts) > 1)
}
