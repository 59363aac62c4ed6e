// A function goes on behind a recovered panic: its results are what was assigned last, its variables and the registers of its
// callers are what they were, at whichever call it panicked.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico linux/386 linux/arm linux/arm64 linux/riscv64
// not arduino: 42 KB at -opt=0, of 32
package main

type triple struct{ a, b, c int }

func results(n int) (x int, s string, t triple) {
	defer func() {
		if recover() != nil {
			println("recovered", x, s, t.a, t.b, t.c)
			x += 100
		}
	}()
	x = 1
	s = "one"
	fail(n)
	x = 2
	t.b = 7
	fail(n - 1)
	x = 3
	s = "three"
	t = triple{1, 2, 3}
	fail(n - 2)
	return 9, "nine", triple{9, 9, 9}
}

//go:noinline
func fail(n int) {
	if n == 0 {
		panic("zero")
	}
}

// registers has more variables than there are registers, in use before and after each recovered panic.
//
//go:noinline
func registers(n int) (sum int) {
	a, b, c, d, e, f, g, h := n, n+1, n+2, n+3, n+4, n+5, n+6, n+7
	x, y := float32(n)*1.5, float32(n)*2.5
	for i := 0; i < 3; i++ {
		caught(i)
		a, b, c, d, e, f, g, h = b, c, d, e, f, g, h, a
		x, y = y, x+1
		sum += a*i + b - c + d - e + f - g + h
	}
	println(a, b, c, d, e, f, g, h, int(x*10), int(y*10))
	return sum
}

//go:noinline
func caught(i int) {
	defer func() { recover() }()
	nested(i)
}

// nested defers, but nothing that recovers.
//
//go:noinline
func nested(i int) {
	defer func() { println("left", i) }()
	var list []int
	list[i] = 1
}

func again() (n int) {
	defer func() {
		n++
		recover()
	}()
	defer func() {
		n += 10
		defer func() {
			println("inner", recover().(string))
			panic("third")
		}()
		panic("second")
	}()
	defer func() {
		n += 100
		println("first", recover().(string))
	}()
	panic("first")
}

func main() {
	for i := 0; i < 4; i++ {
		x, s, t := results(i)
		println(x, s, t.a, t.b, t.c)
	}
	println(registers(5))
	println(again())
	// What goes on must not use stack for each.
	for i := 0; i < 1000; i++ {
		func() {
			defer func() { recover() }()
			fail(0)
		}()
	}
	println("end")
}
