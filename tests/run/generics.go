// Generic functions and types: inference, constraints, methods, lists and maps of type parameters.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// stress: host wasip1
// not arduino: constants lie in RAM there, and these do not fit
package main

import "unsafe"

type number interface {
	~int | ~int8 | ~uint16 | ~int64 | ~float64
}

func sum[T number](v ...T) (t T) {
	for _, x := range v {
		t += x
	}
	return
}

func apply[T, U any](s []T, f func(T) U) []U {
	r := make([]U, 0, len(s))
	for _, x := range s {
		r = append(r, f(x))
	}
	return r
}

func keep[S ~[]E, E any](s S, f func(E) bool) (r S) {
	for _, x := range s {
		if f(x) {
			r = append(r, x)
		}
	}
	return
}

type stack[T any] struct{ items []T }

func (s *stack[T]) push(v T) { s.items = append(s.items, v) }
func (s *stack[T]) pop() (v T, ok bool) {
	if len(s.items) == 0 {
		return
	}
	v = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v, true
}

type list[T any] struct {
	head *elem[T]
	n    int
}

type elem[T any] struct {
	v    T
	next *elem[T]
}

func (l *list[T]) add(v T) { l.head = &elem[T]{v, l.head}; l.n++ }
func (l *list[T]) all() func(func(T) bool) {
	return func(yield func(T) bool) {
		for e := l.head; e != nil; e = e.next {
			if !yield(e.v) {
				return
			}
		}
	}
}

type pair[K comparable, V any] struct {
	key K
	val V
}

func find[K comparable, V any](ps []pair[K, V], k K) (V, bool) {
	for _, p := range ps {
		if p.key == k {
			return p.val, true
		}
	}
	var zero V
	return zero, false
}

type celsius float64
type small int8

func (s small) String() string { return "small" + string(rune('0'+s)) }

type named interface {
	~int8
	String() string
}

func names[T named](v ...T) (s string) {
	for _, x := range v {
		s += x.String() + " "
	}
	return
}

func kind[T any](v T) string {
	switch any(v).(type) {
	case int:
		return "int"
	case string:
		return "string"
	case pair[string, int]:
		return "pair"
	}
	return "?"
}

func ptr[T any](v T) *T { return &v }

// A complex constant converted to a type parameter of real numbers.
func real2[T ~float64 | ~int8]() T { return T(2 + 0i) }

// An instance where the assertion cannot hold.
func is[T any](x interface{ String() string }) bool {
	_, ok := x.(T)
	switch x.(type) {
	case T:
		return ok
	}
	return false
}

type wide[T any] struct {
	first  T
	second int32
}

func offset[T any](w wide[T]) int { return int(unsafe.Offsetof(w.second)) }

func main() {
	println(sum(1, 2, 3), sum[int8](100, 27, 1), sum(celsius(1.5), 2) == 3.5, sum[uint16]())
	words := apply([]int{1, 2, 3}, func(i int) string { return string(rune('a' + i)) })
	println(len(words), words[0]+words[1]+words[2])
	type ints []int
	even := keep(ints{1, 2, 3, 4}, func(i int) bool { return i%2 == 0 })
	println(len(even), even[1])
	var s stack[string]
	s.push("a")
	s.push("b")
	v, ok := s.pop()
	println(v, ok, len(s.items))
	s.pop()
	v, ok = s.pop()
	println(v == "", ok)
	var l list[pair[string, int]]
	l.add(pair[string, int]{"x", 1})
	l.add(pair[string, int]{"y", 2})
	for p := range l.all() {
		print(p.key, p.val, " ")
	}
	println(l.n)
	n, ok := find([]pair[string, int]{{"a", 1}, {"b", 2}}, "b")
	println(n, ok)
	println(names(small(1), small(2)), kind(1), kind("s"), kind(pair[string, int]{}), kind(1.5))
	println(*ptr(7), *ptr("p"))
	f := sum[int64]
	println(f(1<<40, 1))
	println(real2[float64](), real2[int8]())
	println(is[string](small(1)), is[small](small(1)), is[error](small(1)))
	println(offset(wide[int8]{}), offset(wide[int32]{}))
	push := s.push
	push("z")
	println(len(s.items))
}
