package main

type P struct{ x, y int }

var counter int

func f(s string) int { counter++; println("f", s); return counter }

func res() (a int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
			a = -1
		}
	}()
	for {
		work()
	}
}

var n int

func work() {
	n++
	if n > 3 {
		var m map[int]int
		m[1] = 1
	}
}

type Tree struct {
	l, r *Tree
	v    int
}

func (t *Tree) ins(v int) *Tree {
	if t == nil {
		return &Tree{v: v}
	}
	if v < t.v {
		t.l = t.l.ins(v)
	} else {
		t.r = t.r.ins(v)
	}
	return t
}
func (t *Tree) walk(f func(int)) {
	if t != nil {
		t.l.walk(f)
		f(t.v)
		t.r.walk(f)
	}
}

type Big struct {
	a [100]int
	s string
}

func mod(b Big) Big { b.a[3] = 9; b.s = "m"; return b }

type fn func(int) int

func (f fn) call(x int) int { return f(x) }

type caller interface{ call(int) int }

type small struct{ p *int }

func (s small) get() int { return *s.p }

type getter interface{ get() int }

const huge = 1 << 100

var days = [...]string{2: "tue", 0: "sun", 1: "mon"}

type node struct {
	name string
	kids []*node
}

var root = &node{"root", []*node{{"a", nil}, {name: "b", kids: []*node{{"c", nil}}}}}

func depth(n *node) int {
	d := 0
	for _, k := range n.kids {
		d = max(d, depth(k))
	}
	return d + 1
}

func multi() (int, string, error) { return 1, "x", nil }

func main() {
	arr := []int{10, 20, 30}
	i := 0
	i, arr[i] = 2, 99
	println(i, arr[0])
	arr[0], arr[1] = arr[1], arr[0]
	println(arr[0], arr[1])
	m := map[string][]int{}
	m["a"] = append(m["a"], f("one"), f("two"))
	println(len(m["a"]))
	println(res())
	var t *Tree
	for _, v := range []int{5, 2, 8, 1} {
		t = t.ins(v)
	}
	t.walk(func(v int) { print(v, " ") })
	println()
	b := Big{s: "orig"}
	c := mod(b)
	println(b.a[3], c.a[3], b.s, c.s)
	bp := &b
	bp.a[5]++
	(*bp).a[5] += 2
	d := *bp
	d.a[5] = 0
	println(b.a[5], d == b, d.a[5])
	var cl caller = fn(func(x int) int { return x * 2 })
	println(cl.call(4))
	k := 7
	var g getter = small{&k}
	println(g.get())
	println(huge>>98, days[2], len(days), depth(root))
	x, s, e := multi()
	println(x, s, e == nil)
	p := P{1, 2}
	q := &p
	q.x, q.y = q.y, q.x
	println(p.x, p.y, p == P{2, 1})
	func() {
		defer func(v int) { println("deferred", v, k) }(k)
		k = 100
	}()
	var iface any = p
	if pp, ok := iface.(P); ok {
		println(pp.x)
	}
	_, ok := iface.(*P)
	println(ok)
	for i := range arr {
		arr[i] = i
	}
	a3 := [3]int{1, 2, 3}
	for i, v := range a3 {
		a3[2] = 10
		if i == 2 {
			println(v)
		}
	}
	var f32 float32 = 0.1
	println(f32*3, float64(f32) == 0.1)
	var u uint64 = 1<<63 + 5
	println(u, float64(u), u%10, int64(u))
	lbl := 0
loop:
	if lbl < 3 {
		lbl++
		goto loop
	}
	println(lbl)
	switch y := iface.(type) {
	case P, *P:
		_ = y
		println("P")
	}
	type pair[K comparable, V any] struct {
		k K
		v V
	}
	pr := pair[string, int]{"k", 1}
	println(pr.k, pr.v)
	ss := arr[:1:2]
	ss = append(ss, 5)
	ss = append(ss, 6)
	println(arr[1], len(ss))
	bs := append([]byte("ab"), "cd"...)
	println(string(bs), string(rune(65)))
	var np *Tree
	np.walk(nil)
	ch := make(chan int)
	go func() {
		for i := 0; i < 3; i++ {
			ch <- i
		}
		close(ch)
	}()
	for {
		v, ok := <-ch
		if !ok {
			break
		}
		println("got", v)
	}
	var sel chan int
	select {
	case sel <- 1:
	case v, ok := <-ch:
		println(v, ok)
	}
	println(1.0, 1e100, 'a', true, nil == q)
	fmtv := func(args ...any) int { return len(args) }
	println(fmtv(), fmtv(1, "a"), fmtv([]any{1, 2, 3}...))
	mm := map[float64]string{1.5: "x"}
	delete(mm, 2)
	println(mm[1.5], len(mm))
	for k, v := range map[int]int{1: 2} {
		println(k, v)
	}
	var arrp *[4]int
	for i := range arrp {
		print(i)
	}
	println(len(arrp))
	const c2 = len([10]int{})
	println(c2)
	type Rec struct {
		f func(n int) int
	}
	var r Rec
	r.f = func(n int) int {
		if n == 0 {
			return 1
		}
		return n * r.f(n-1)
	}
	println(r.f(5))
}
