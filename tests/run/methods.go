// Methods: receivers by value and by pointer, method values and expressions, methods of every kind of type.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
package main

type num int

func (n num) double() num { return n * 2 }
func (n *num) inc()       { *n++ }

type list []string

func (l *list) push(s string) { *l = append(*l, s) }
func (l list) last() string   { return l[len(l)-1] }

type set map[string]bool

func (s set) add(k string) set { s[k] = true; return s }

type fn func(int) int

func (f fn) call(n int) int { return f(n) }

type node struct {
	val         int32
	left, right *node
}

func (n *node) insert(v int32) *node {
	if n == nil {
		return &node{val: v}
	}
	if v < n.val {
		n.left = n.left.insert(v)
	} else {
		n.right = n.right.insert(v)
	}
	return n
}

func (n *node) walk(f func(int32)) {
	if n != nil {
		n.left.walk(f)
		f(n.val)
		n.right.walk(f)
	}
}

type vec struct{ x, y int }

func (v vec) add(w vec) vec { return vec{v.x + w.x, v.y + w.y} }
func (v *vec) scale(k int)  { v.x *= k; v.y *= k }
func (v vec) sum(n ...int) int {
	t := v.x + v.y
	for _, i := range n {
		t += i
	}
	return t
}

func main() {
	n := num(20)
	n.inc()
	println(n.double().double(), num.double(3))
	inc := n.inc
	double := n.double
	inc()
	inc()
	println(n, double())
	(*num).inc(&n)
	println(n, (*num).double(&n))
	var l list
	l.push("a")
	l.push("b")
	println(len(l), l.last())
	println(len(set{}.add("x").add("y").add("x")))
	println(fn(func(i int) int { return i + 1 }).call(4))
	var root *node
	for _, v := range []int32{5, 2, 8, 1, 9, 3} {
		root = root.insert(v)
	}
	root.walk(func(v int32) { print(v, " ") })
	println()
	v := vec{1, 2}
	scale, sum, add := v.scale, v.sum, vec.add
	scale(10)
	println(v.x, v.y, sum(), sum(1, 2), v.sum([]int{5}...), add(v, v).x)
	vs := []vec{{1, 1}, {2, 2}}
	for i := range vs {
		vs[i].scale(3)
	}
	println(vs[0].x, vs[1].y)
	fs := []func(vec) vec{v.add, vs[0].add}
	println(fs[0](vec{1, 1}).x, fs[1](vec{1, 1}).y)
	m := map[string]*vec{"v": &v}
	m["v"].scale(2)
	println(v.y)
}
