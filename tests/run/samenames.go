// Types of one name, each in a function of its own: they are compared, hashed, called through interfaces and bound apart.
//
// run: host wasip1 cortex-m-qemu riscv-qemu
package main

type word struct{ s string }

func (w word) Text() string     { return w.s }
func (w *word) Set(text string) { w.s = text }

type texter interface{ Text() string }

func count[T comparable](values ...T) int {
	m := map[T]int{}
	for _, v := range values {
		m[v]++
	}
	return len(m)
}

func same[T comparable](a, b T) bool { return any(a) == any(b) }

func first(x string) {
	type S struct{ b string }
	println(count(S{"s" + x}, S{"s" + x}, S{x}), same(S{x}, S{x}), same([2]S{}, [2]S{{x}}))
	type T struct {
		word
		n int
	}
	var t texter = T{word{"first " + x}, 1}
	println(t.Text(), T.Text(T{}) == "")
	type I interface {
		texter
		Set(string)
	}
	var i I = &t.(T).wordOf().word
	f := i.Set
	f("set")
	println(i.Text())
}

type holder struct{ word }

func (w word) wordOf() *holder { return &holder{w} }

func second(x string) {
	type S struct {
		a int
		b string
	}
	println(count(S{1, "s" + x}, S{1, "s" + x}, S{2, "s" + x}), same(S{1, x}, S{1, x}), same([2]S{}, [2]S{{2, x}}))
	{
		type S struct{ a, b, c any }
		println(count(S{1, x, 1}, S{1, x, 1}, S{1, x, 1.0}), same(S{1, 2, x}, S{1, 2, x}))
	}
	type T struct {
		a, b, c int
		*word
	}
	var t texter = T{1, 2, 3, &word{"second " + x}}
	println(t.Text(), T.Text(T{word: &word{}}) == "")
	type I interface {
		Set(string)
		texter
		Zero()
	}
	var i I = &struct{ zero }{}
	f, g := i.Set, i.Text
	f("set second")
	println(i.Text(), g())
}

type zero struct{ word }

func (zero) Zero() {}

func third() {
	type S struct{ f float64 }
	zero := 0.0
	println(count(S{0}, S{-zero}, S{1}), same(S{zero / 1}, S{-zero}))
}

func main() {
	first("a")
	second("b")
	third()
}
