// Closures: captured variables are shared and live on, loop variables are new each time, functions are values.
//
// run: host linux/386 linux/arm64 wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
// stress: host wasip1
package main

func counter() (inc func() int, get func() int) {
	n := 0
	return func() int { n++; return n }, func() int { return n }
}

func compose(fs ...func(int) int) func(int) int {
	return func(x int) int {
		for _, f := range fs {
			x = f(x)
		}
		return x
	}
}

type op func(a, b int) int

func (o op) apply(a, b int) int { return o(a, b) }

func twice(f func()) { f(); f() }

var table = map[string]op{
	"add": func(a, b int) int { return a + b },
	"sub": func(a, b int) int { return a - b },
}

func main() {
	inc, get := counter()
	inc2, _ := counter()
	inc()
	inc()
	inc2()
	println(get(), inc2())
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i += 10; return i })
	}
	for _, f := range fs {
		print(f(), " ", f(), " ")
	}
	println()
	var gs []func()
	for i := 0; i < 6; i++ {
		if i%2 == 0 {
			gs = append(gs, func() { print(i, " ") })
		}
		i++
	}
	for _, g := range gs {
		g()
	}
	println()
	double := func(x int) int { return 2 * x }
	k := 3
	addK := func(x int) int { return x + k }
	k = 5
	println(compose(double, addK, double)(1), compose()(9))
	println(table["add"].apply(2, 3), table["sub"](2, 3))
	var fib func(int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	println(fib(12))
	x := 1
	twice(func() {
		x *= 3
		twice(func() { x++ })
	})
	println(x)
	var nilf func()
	println(nilf == nil, fib != nil)
	func(a ...int) { println(len(a)) }(1, 2, 3)
	big := [5]int{1, 2, 3, 4, 5}
	h := func() int { return big[0] + big[4] }
	big[4] = 50
	println(h())
}
