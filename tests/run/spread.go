// Calls with the results of calls as arguments, built-in functions too; blank results; the order of stores and panics
// in assignments of several values.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: too large for the chip without optimisation
package main

func two(s string) ([]byte, string) { return make([]byte, 3), s }

func entry(m map[string]int) (map[string]int, string) { return m, "k" }

func numbers() (int16, int16, int16) { return 1, 2, 3 }

func pair() (float32, float32) { return 1.5, -2 }

func blank(ok bool) (_ string, n int16, _ error) {
	if ok {
		return "given", 7, nil
	}
	n = 5
	return
}

func count(list ...any) int { return len(list) }

func sum(first int16, rest ...int16) (n int16) {
	n = first
	for _, v := range rest {
		n += v
	}
	return
}

// stores tells which of the stores happened before the panic.
func stores(name string, f func(m map[int16]int16)) {
	m := map[int16]int16{}
	defer func() { println(name, recover() != nil, len(m), m[2]) }()
	f(m)
}

type object struct{ i int16 }

func main() {
	println(copy(two("abcd")))
	m := map[string]int{"k": 1}
	delete(entry(m))
	println(len(m))
	println(count(numbers()), sum(numbers()))
	z := complex(pair())
	println(real(z) == 1.5, imag(z) == -2)
	s, n, err := blank(true)
	println(s, n, err == nil)
	s, n, _ = blank(false)
	println(s == "", n)

	var p *int16
	var q *object
	list := []int16{}
	stores("pointer", func(m map[int16]int16) { m[2], *p = 3, 4 })
	stores("field", func(m map[int16]int16) { m[2], q.i = 3, 4 })
	stores("index", func(m map[int16]int16) { m[2], list[len(m)] = 3, 4 })
	o := object{1}
	r := &o
	r, r.i = new(object), 9
	println(o.i, r.i)
}
