// Control flow: switch with every form of case, fallthrough, labels, goto, loops.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
package main

func grade(n int) string {
	switch {
	case n >= 90:
		return "A"
	case n >= 80, n == 42:
		return "B"
	default:
		return "C"
	case n < 0:
		return "?"
	}
}

func fall(n int) {
	switch n {
	case 0:
		print("zero ")
		fallthrough
	case 1:
		print("one ")
		fallthrough
	default:
		print("default ")
	case 2:
		print("two ")
		if n == 2 {
			break
		}
		print("never ")
	}
	println()
}

func search(grid [][]int, want int) (int, int) {
outer:
	for i, row := range grid {
		for j, v := range row {
			switch {
			case v == want:
				return i, j
			case v < 0:
				continue outer
			case v > 90:
				break outer
			}
		}
	}
	return -1, -1
}

func sumGoto(n int) (s int) {
	i := 0
loop:
	if i < n {
		i++
		if i%3 == 0 {
			goto loop
		}
		s += i
		goto loop
	}
	return
}

func collatz(n uint32) (steps int) {
	for n != 1 {
		if n&1 == 0 {
			n /= 2
		} else {
			n = 3*n + 1
		}
		steps++
	}
	return
}

func word(s string) int {
	switch s {
	case "alpha", "beta":
		return 1
	case "gamma":
		return 2
	case "":
		return 3
	}
	return 4
}

func main() {
	println(grade(95), grade(85), grade(42), grade(10), grade(-5))
	for i := range 4 {
		fall(i)
	}
	grid := [][]int{{1, 2, 3}, {4, -1, 5}, {6, 7}, {99, 8}}
	for _, w := range []int{2, 5, 7, 8} {
		i, j := search(grid, w)
		print(i, ",", j, " ")
	}
	println()
	println(sumGoto(10), collatz(27), word("beta"), word("gamma"), word(""), word("x"))
	n := 0
	for i, j := 0, 10; i < j; i, j = i+1, j-2 {
		n += i * j
	}
	println(n)
	for {
		n--
		if n%7 == 0 {
			break
		}
	}
	println(n)
block:
	switch {
	default:
		if n > 0 {
			break block
		}
		println("skipped")
	}
	switch x := n % 5; {
	case x > 2:
		println("big", x)
	default:
		println("small", x)
	}
	switch f := any(n); f {
	case 1, "n", nil:
		println("wrong")
	case n:
		println("equal")
	}
	switch i := any(true); {
	case i:
		println("interface")
	case false:
		println("wrong")
	}
	calls := 0
	g := func(v int) int { calls++; return v }
	switch g(2) {
	case g(1), g(2), g(3):
	case g(4):
	}
	println(calls)
	goto end
end:
	println("end")
}
