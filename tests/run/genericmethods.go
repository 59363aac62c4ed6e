// Methods with type parameters of their own: calls, method values, method expressions; they are in no method set.
//
// run: host wasip1 cortex-m-qemu riscv-qemu
package main

type source struct{ k uint64 }

func (r *source) next(n uint64) uint64 { return n + r.k }

type ints interface {
	~int | ~int8 | ~uint16 | ~int64
}

func (r *source) N[I ints](n I) I { return I(r.next(uint64(n))) }

func (r *source) Name() string { return "source" }

func N[I ints](n I) I { return (&source{2}).N(n) }

type box[T any] struct{ v T }

func (b box[T]) Map[U any](f func(T) U) box[U] { return box[U]{f(b.v)} }

type outer struct{ *source }

type namer interface{ Name() string }

func apply[I ints](n I) I {
	f := (&source{10}).N[I]
	return f(n)
}

func main() {
	r := &source{1}
	println(r.N(5), r.N(int8(3)), r.N(uint16(7)), N(int8(3)), apply(int8(1)))
	f := r.N[int64]
	g := (*source).N[int8]
	r.k = 20
	h := outer.N[uint16]
	println(f(9), g(r, 1), h(outer{r}, 2))
	var any any = r
	if n, ok := any.(namer); ok {
		println(n.Name())
	}
	_, ok := any.(interface{ N(int) int })
	println(ok)
	length := box[string]{"four"}.Map(func(s string) int { return len(s) })
	println(length.v, length.Map(func(n int) float64 { return float64(n) / 2 }).v)
	m := length.Map[bool]
	println(m(func(n int) bool { return n > 3 }).v)
}
