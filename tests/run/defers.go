// Deferred calls: their order, when their arguments are evaluated, changed results, loops, methods.
//
// run: host linux/386 linux/arm linux/arm64 linux/riscv64 wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
package main

func order() {
	for i := 0; i < 4; i++ {
		defer print(i, " ")
	}
	print("body ")
}

func arguments() {
	x := 1
	defer println("argument", x)
	defer func() { println("captured", x) }()
	x = 2
}

func result() (n int) {
	defer func() { n *= 2 }()
	defer func() { n += 3 }()
	return 4
}

func unnamed() int {
	n := 1
	defer func() { n = 100 }()
	return n
}

func two() (a int, s string) {
	defer func() { a, s = len(s), s+"!" }()
	return 1, "abc"
}

type file struct{ name string }

func (f file) close()  { println("close", f.name) }
func (f *file) flush() { println("flush", f.name) }

func files() {
	f := file{"a"}
	defer f.close()
	defer f.flush()
	f.name = "b"
	var i interface{ close() } = f
	defer i.close()
	f.name = "c"
}

func trace(s string) func() {
	println("enter", s)
	return func() { println("leave", s) }
}

func nested() {
	defer trace("outer")()
	func() {
		defer trace("inner")()
		println("middle")
	}()
	if true {
		defer func() {
			defer println("deferred by deferred")
			println("deferred")
		}()
	}
}

func early(n int) string {
	defer print("<", n, ">")
	switch {
	case n < 0:
		return "negative"
	case n == 0:
		defer print("zero ")
		return "zero"
	}
	return "positive"
}

func main() {
	order()
	println()
	arguments()
	println(result(), unnamed())
	a, s := two()
	println(a, s)
	files()
	nested()
	println(early(-1))
	println(early(0))
	println(early(1))
	m := map[string]int{"a": 1}
	func() {
		defer delete(m, "a")
		println(len(m))
	}()
	println(len(m))
	n := 0
	for i := range 50 {
		func() {
			defer func() { n += i }()
			if i%2 == 0 {
				return
			}
			n++
		}()
	}
	println(n)
}
