// Recursion: deep, mutual, with results that build up, permutations, queens.
//
// run: host linux/386 linux/arm linux/arm64 linux/riscv64 wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
package main

func ackermann(m, n int) int {
	switch {
	case m == 0:
		return n + 1
	case n == 0:
		return ackermann(m-1, 1)
	}
	return ackermann(m-1, ackermann(m, n-1))
}

func even(n int) bool { return n == 0 || odd(n-1) }
func odd(n int) bool  { return n != 0 && even(n-1) }

func hanoi(n int, a, b, c byte) int {
	if n == 0 {
		return 0
	}
	return hanoi(n-1, a, c, b) + 1 + hanoi(n-1, c, b, a)
}

func queens(n, row int, cols, d1, d2 uint16) (count int) {
	if row == n {
		return 1
	}
	for c := range n {
		bit, a, b := uint16(1)<<c, uint16(1)<<(row+c), uint16(1)<<(row-c+n)
		if cols&bit|d1&a|d2&b == 0 {
			count += queens(n, row+1, cols|bit, d1|a, d2|b)
		}
	}
	return
}

func permute(s []byte, k int, f func()) {
	if k == len(s) {
		f()
		return
	}
	for i := k; i < len(s); i++ {
		s[k], s[i] = s[i], s[k]
		permute(s, k+1, f)
		s[k], s[i] = s[i], s[k]
	}
}

func gcd(a, b uint32) uint32 {
	if b == 0 {
		return a
	}
	return gcd(b, a%b)
}

func main() {
	println(ackermann(2, 3), even(10), odd(7), hanoi(8, 'a', 'b', 'c'), queens(6, 0, 0, 0, 0))
	s, n := []byte("abc"), 0
	permute(s, 0, func() {
		print(string(s), " ")
		n++
	})
	println(n, gcd(1071, 462))
}
