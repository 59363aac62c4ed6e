package main

import "unsafe"

type E struct {
	x int8
	y float64
	s string
}
type In interface {
	M(int) (int, string)
	N() E
}
type Base struct{ v int }

func (b *Base) M(k int) (int, string) { b.v += k; return b.v, "base" }
func (b Base) Val() int               { return b.v }

type D struct {
	*Base
	e E
}

func (d D) N() E { return d.e }

type Outer struct {
	In
	z int
}

func vari(pre string, xs ...int) int {
	t := 0
	for _, x := range xs {
		t += x
	}
	println(pre, len(xs), t)
	return t
}
func two() (int, int)    { return 3, 4 }
func add(a, b int) int   { return a + b }
func gen[T any](x T) []T { return []T{x, x} }

type Num interface{ ~int | ~float64 }

func sum[T Num](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return
}

type List[T any] struct {
	next *List[T]
	v    T
}

func (l *List[T]) Push(v T) *List[T] { return &List[T]{l, v} }
func (l *List[T]) Each(f func(T)) {
	for ; l != nil; l = l.next {
		f(l.v)
	}
}

var table = [...]uint16{1, 2, 3, 500}
var g1, g2 = two()
var gm = map[string][]int{"x": {1, 2}, "y": {3}}

type Color int

const (
	Red Color = iota
	Green
)

func (c Color) String() string {
	switch c {
	case Red:
		return "red"
	case Green:
		return "green"
	}
	return "?"
}

type Stringer interface{ String() string }

func classify(x any) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case int:
		return "int"
	case string, []byte:
		return "bytes"
	case Stringer:
		return "stringer " + v.String()
	case error:
		return "error " + v.Error()
	case func() int:
		return "func"
	default:
		return "other"
	}
}

func main() {
	b := &Base{5}
	d := D{b, E{1, 2.5, "hi"}}
	var i In = d
	n, s := i.M(3)
	println(n, s, i.N().s, d.Val())
	o := Outer{i, 9}
	n, s = o.M(1)
	println(n, s)
	f := o.M
	n, _ = f(10)
	println(n, b.v)
	h := (*Base).M
	n, _ = h(b, 1)
	println(n)
	k := D.N
	println(k(d).y)
	vari("a")
	vari("b", 1, 2, 3)
	vari("c", []int{4, 5}...)
	println(add(two()))
	println(len(gen("x")), sum(1, 2, 3), sum(1.5, 2))
	var l *List[string]
	l = l.Push("a").Push("b")
	l.Each(func(s string) { print(s, " ") })
	println()
	println(table[3], g1, g2, gm["x"][1], len(gm["zz"]))
	println(classify(nil), classify(3), classify("s"), classify(Green), classify(func() int { return 1 }), classify(3.5))
	var arr [5]int
	arr2 := arr
	arr2[2] = 7
	println(arr[2], arr2[2], arr == arr2, arr == [5]int{})
	sl := arr2[1:4]
	sl = append(sl, 1, 2, 3)
	println(len(sl), cap(sl) >= 6, sl[1])
	copy(sl[1:], []int{9, 8})
	println(sl[0], sl[1], sl[2])
	str := "héllo"
	bs := []byte(str)
	rs := []rune(str)
	println(len(bs), len(rs), string(rs[1]), string(bs[:1]), str[1:3] == "é")
	println(unsafe.Sizeof(d) > 0)
	x := 7
	x <<= 2
	x |= 1
	x, y := x/2, x%5
	println(x, y, -7/2, -7%3, 7&^2, ^x)
	var u8 uint8 = 200
	u8 += 100
	println(u8, int8(u8), uint32(1)<<31>>3, int32(-8)>>1)
	var sh uint = 40
	println(1<<sh == 0, int32(1)<<sh, int64(1)<<sh)
	c := complex(1, 2)
	c = c * c
	println(real(c), imag(c), c == complex(-3, 4))
	fs := []func(){}
	for i := 0; i < 3; i++ {
		fs = append(fs, func() { print(i, " ") })
	}
	for _, f := range fs {
		f()
	}
	println()
outer:
	for i := range 4 {
		for j := range 4 {
			if j == 2 {
				continue outer
			}
			if i == 3 {
				break outer
			}
			print(i*10+j, " ")
		}
	}
	println()
	switch {
	case x > 100:
		println("big")
	case x > 1:
		println("mid")
		fallthrough
	case false:
		println("fell")
	default:
		println("def")
	}
	ch := make(chan int, 3)
	ch <- 1
	ch <- 2
	close(ch)
	for v := range ch {
		print(v, " ")
	}
	v, ok := <-ch
	println(v, ok)
	select {
	case v := <-ch:
		println("recv", v)
	default:
		println("none")
	}
	done := make(chan string)
	go func() { done <- "from goroutine" }()
	println(<-done)
	println(min(3, 1, 2), max(2.5, 1), min("b", "a"))
	delete(gm, "x")
	clear(gm)
	println(len(gm))
	type pt struct{ x, y int }
	mp := map[pt]string{{1, 2}: "a"}
	println(mp[pt{1, 2}], mp[pt{2, 1}] == "")
	mi := map[any]int{1: 1, "a": 2, pt{1, 1}: 3}
	println(mi[1], mi["a"], mi[pt{1, 1}], mi[2])
	var e1, e2 any = pt{1, 2}, pt{1, 2}
	println(e1 == e2, e1 == any(1), e1 != nil)
	goto end
end:
	println("end")
}
