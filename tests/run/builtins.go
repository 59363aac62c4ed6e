// The built-in functions: min, max, clear, len and cap of everything, new, copy, complex, print.
//
// run: host linux/386 linux/arm64 wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: needs more than 2 KB of RAM
package main

type num int16

// Objects without size have one address.
var nothing, made = struct{}{}, new(struct{})

func main() {
	a, b, c := 3, -7, 5
	println(min(a, b, c), max(a, b, c), min(a), max(2, 1.5))
	x, y := num(4), num(9)
	println(min(x, y), max(x, 5, y))
	println(min("b", "a", "c"), max("b", "abc"))
	f, zero := 1.5, 0.0
	nan := zero / zero
	println(min(f, 2) == 1.5, max(f, nan) != max(f, nan), min(nan, f) != 0 && 1/min(zero, -zero) > 0)
	s := []int{1, 2, 3}
	clear(s[1:])
	println(s[0], s[1], s[2], len(s))
	m := map[string]int{"a": 1}
	clear(m)
	println(len(m))
	var arr [7]byte
	p := &arr
	println(len(arr), cap(p[2:4]), len(p), cap(arr[:]))
	ch := make(chan int, 3)
	ch <- 1
	println(len(ch), cap(ch))
	q := new(int)
	*q += 4
	r := new([2]string)
	r[1] = "x"
	println(*q, len(r[0]), r[1])
	z := complex(1.5, -2)
	println(real(z) == 1.5, imag(z) == -2)
	print("a", 1, true, 'c', uint8(7), "\n")
	println()
	println(nil == (map[int]int)(nil), []int(nil) == nil)
	println(copy(arr[:], "hello world"), arr[6], string(arr[:5]))
	println("empty", made == &nothing)
	u := append([]byte("ab"), 'c', 'd')
	u = append(u, u...)
	println(string(u), len(append([]int(nil))) == 0)
}
