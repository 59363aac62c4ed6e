// Initialisation of package variables by their dependencies, init functions, methods and closures among them.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
package main

var (
	a     = c + b
	b     = f()
	c     = 1
	d     = log("d", 3)
	_     = log("blank", 0)
	x, y  = two()
	table = []func() int{func() int { return e }, late}
	e     = log("e", 5)
	m     = map[string]int{"a": a, "b": b}
	p     = &q
	q     = rec{n: g.method()}
	g     = rec{4}
	arr   = [...]string{2: "two", 0: "zero"}
	str   = arr[2] + "!"
)

type rec struct{ n int }

func (r rec) method() int { return log("method", r.n+h) }

var h = log("h", 10)

func f() int {
	d++
	return d
}

func two() (int, int) { return log("two", z), 2 }

var z = log("z", 26)

func late() int { return a }

func log(s string, v int) int {
	println("init", s, v)
	return v
}

func init() {
	println("first", a, b, c, d)
	a = 100
}

func init() {
	println("second", a)
}

func main() {
	println(a, b, c, d, x, y, e, z)
	println(table[0](), table[1](), m["a"], m["b"], p.n, q.n, g.n, h)
	println(len(arr), arr[0], str)
	init := func() int { return 1 }
	println(init())
}

func init() { println("third", p.n) }

// Uses a variable without value that is declared later: what is ready in between comes first. Constants do not count.
var (
	waits1 = log("waits1", later)
	waits2 = log("waits2", constant)
	ready  = log("ready", 1)
)

var later int

const constant = 7
