// Range over integers, arrays, slices, strings, channels, functions; what is evaluated once and what is copied.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// stress: host wasip1
// not arduino: needs more than 2 KB of RAM
package main

func count(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				print("stopped ")
				return
			}
		}
		print("done ")
	}
}

func pairs(s []string) func(func(int, string) bool) {
	return func(yield func(int, string) bool) {
		defer print("cleanup ")
		for i, v := range s {
			if !yield(i, v) {
				return
			}
		}
	}
}

func find(s []string, want string) int {
	for i, v := range pairs(s) {
		if v == want {
			return i
		}
	}
	return -1
}

func nested() (r string) {
outer:
	for i := range count(4) {
		for j := range count(4) {
			switch {
			case j > i:
				continue outer
			case i == 2:
				break outer
			}
			r += string(rune('0' + i*4 + j))
		}
	}
	return
}

func main() {
	for i := range 3 {
		print(i, " ")
	}
	for i := range uint8(3) {
		i += 10
		print(i, " ")
	}
	for range 2 {
		print("x ")
	}
	println()
	n := 3
	for i := range n {
		n = 10
		print(i, " ")
	}
	println(n)
	a := [3]int{1, 2, 3}
	for i, v := range a {
		a[2] = 10
		if i == 2 {
			println("array", v)
		}
	}
	for i, v := range &a {
		a[2] = 20
		if i == 2 {
			println("pointer", v)
		}
	}
	s := []int{1, 2, 3}
	for i, v := range s {
		s = append(s, v)
		s[0] = i
	}
	println(len(s), s[0])
	var k, v int
	for k, v = range s {
		if k == 3 {
			break
		}
	}
	println(k, v)
	c := make(chan int, 5)
	for i := range 5 {
		c <- i * i
	}
	close(c)
	for v := range c {
		print(v, " ")
	}
	println()
	for i := range count(3) {
		print(i, " ")
	}
	for i := range count(10) {
		if i == 2 {
			break
		}
		if i == 0 {
			continue
		}
		print(i, " ")
	}
	println()
	words := []string{"a", "b", "c"}
	println(find(words, "b"), find(words, "z"))
	println(nested())
}
