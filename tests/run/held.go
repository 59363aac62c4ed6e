// What a function puts into memory that it returns lives as long as that: the argument itself, what it points to, what is in an
// interface, a slice. So does what it moves in memory that its argument leads to, or finds further behind it.
//
// run: host wasip1 cortex-m-qemu riscv-qemu
// stress: wasip1
package main

type reader interface{ read() string }

type text struct {
	s  string
	at int
}

func (t *text) read() string { return t.s[t.at:] }

type section struct {
	from  reader
	first *text
	all   []*text
}

//go:noinline
func newSection(from reader) *section { return &section{from: from} }

//go:noinline
func newHolder(t *text) *section { return &section{first: t} }

//go:noinline
func newList(t *text) []*text { return []*text{t} }

//go:noinline
func newBehind(t **text) *section { return &section{first: *t} }

//go:noinline
func newByValue(t *text) (s section) {
	s.first = t
	return s
}

//go:noinline
func open(s string) (a, b, d, e *section, c []*text) {
	a = newSection(&text{s, 1})
	b = newHolder(&text{s, 2})
	c = newList(&text{s, 3})
	t := &text{s, 4}
	d = newBehind(&t)
	by := newByValue(&text{s, 5})
	return a, b, d, &by, c
}

type node struct {
	left, right *node
	value       int
}

//go:noinline
func link(n *node) { n.left.right = n.right }

//go:noinline
func linked(value int) *node {
	left := &node{}
	n := &node{left: left, right: &node{value: value}}
	link(n)
	return left.right
}

//go:noinline
func behindTwo(n ***node) *node { return **n }

//go:noinline
func deepest(value int) *node {
	var first node
	at := &first
	behind := &at
	found := behindTwo(&behind)
	found.left = &node{value: value}
	return first.left
}

//go:noinline
func overwrite(n int) int {
	var numbers [64]int
	for i := range numbers {
		numbers[i] = n ^ i<<n
	}
	sum := 0
	for _, v := range numbers {
		sum += v & 1
	}
	return sum
}

func main() {
	a, b, d, e, c := open("sections")
	l, m := linked(6), deepest(7)
	println(overwrite(3) >= 0)
	println(a.from.read(), b.first.read(), c[0].read(), d.first.read(), e.first.read())
	println(l.value, m.value)
}
