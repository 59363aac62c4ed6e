package p

// Types declared inside generic functions.

func box[T any](x T) any {
	type pair struct{ a, b T }
	type list []pair
	l := list{{x, x}}
	l = append(l, pair{a: x})
	return l[0].a
}

var _ = box(1) == box("s")

// Methods of generic types, embedded and through aliases.

type node[K comparable, V any] struct {
	key  K
	val  V
	next *node[K, V]
}

func (n *node[A, B]) get(k A) (v B, ok bool) {
	for ; n != nil; n = n.next {
		if n.key == k {
			return n.val, true
		}
	}
	return
}

type table struct{ *node[string, int] }

type alias = table

func (t alias) has(k string) bool {
	_, ok := t.get(k)
	return ok
}

var _ interface{ has(string) bool } = table{}
//---
package p

// Inference.

type number interface{ ~int | ~float64 }

func sum[S ~[]E, E number](s S) (total E) {
	for _, e := range s {
		total += e
	}
	return
}

func apply[A, B any](s []A, f func(A) B) []B {
	var out []B
	for _, a := range s {
		out = append(out, f(a))
	}
	return out
}

func id[T any](x T) T { return x }

func ptr[T any, P interface {
	*T
	set(int)
}](n int) T {
	var t T
	P(&t).set(n)
	return t
}

type counter int

func (c *counter) set(n int) { *c = counter(n) }

type ints []int

var (
	_ int             = sum(ints{1, 2})
	_ []string        = apply([]int{1}, func(i int) string { return string(rune(i)) })
	_ []int           = apply(ints{1}, id[int])
	_ func(int) int   = id
	_ counter         = ptr[counter](3)
	_ float64         = max(1, 2.5, sum([]float64{1}))
)

func fact[T number](n T) T {
	if n <= 1 {
		return 1
	}
	return n * fact(n-1)
}
//---
package p

// Untyped operands, shifts and constants.

const (
	kb = 1 << (10 * (iota + 1))
	mb
	big   = 1 << 100
	small = big >> 98
	third = 1.0 / 3
	mask  = ^uint8(0)
)

var (
	s       uint = 3
	a            = 1 << s
	b int64      = 1 << s
	c            = uint8(1)<<s == 1
	d            = "abc"[1]
	e            = len([10]struct{}{})
	f [small]int = [...]int{3: 1}
	g            = 2.0 * 'a'
	h complex128 = 1 + 2i
	i            = real(h) > third && imag(2i) == 2
	j            = map[string][]struct{ x, y int }{"k": {{1, 2}, {x: 3}}}
	k            = []*struct{ x int }{{1}, {x: 2}}
)

func use(...any) {}

func control(ch chan int, x any) (n int, err error) {
	defer func() { recover() }()
	for i := range 3 {
		n += i
	}
	for range ch {
		break
	}
	for k, v := range func(yield func(int, string) bool) { yield(1, "") } {
		use(k, v)
	}
	switch y := x.(type) {
	case nil:
		use(y)
	case int, string:
		use(y)
	case error:
		return 0, y
	}
	select {
	case v, ok := <-ch:
		use(v, ok)
	case ch <- 1:
	default:
	}
outer:
	for {
		switch {
		case n > 1:
			break outer
		default:
			continue outer
		}
	}
	goto end
end:
	return
}
