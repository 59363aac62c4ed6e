// Variadic functions: none, some, a slice passed on, of interfaces, through methods and closures.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
package main

func sum(base int, n ...int) int {
	for _, v := range n {
		base += v
	}
	return base
}

func count(v ...any) (ints, strings, nils int) {
	for _, x := range v {
		switch x.(type) {
		case int:
			ints++
		case string:
			strings++
		case nil:
			nils++
		}
	}
	return
}

func change(n ...int) {
	if len(n) > 0 {
		n[0] = 99
	}
}

type acc struct{ total int }

func (a *acc) add(n ...int) *acc {
	a.total = sum(a.total, n...)
	return a
}

func values() (int, int, int) { return 1, 2, 3 }

func isNil(n ...int) bool { return n == nil }

func main() {
	println(sum(1), sum(1, 2), sum(1, 2, 3, 4))
	s := []int{5, 6, 7}
	println(sum(0, s...), sum(0, s[1:]...), sum(values()))
	change(s...)
	println(s[0])
	change(s[0], s[1])
	println(s[0])
	a, b, c := count(1, "x", nil, 2.5, 2)
	println(a, b, c)
	a, b, c = count([]any{"a", "b"}...)
	println(a, b, c)
	a, b, c = count([]any{"a", "b"})
	println(a, b, c)
	println(new(acc).add().add(1, 2).add(s[1:]...).total)
	println(isNil(), isNil([]int{}...), isNil(nil...))
	f := func(sep string, parts ...string) (r string) {
		for i, p := range parts {
			if i > 0 {
				r += sep
			}
			r += p
		}
		return
	}
	println(f(","), f(",", "a"), f(", ", "a", "b", "c"))
	g := sum
	println(g(1, 1, 1))
	defer func(n ...int) { println("deferred", len(n)) }(1, 2, 3)
}
