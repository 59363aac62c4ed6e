// Where the only pointer to an object may stand while others are allocated: variables of each kind, temporaries,
// arguments, results, what waits in closures, defers and goroutines.
//
// run: host linux/386 linux/arm linux/arm64 linux/riscv64 wasip1 cortex-m-qemu riscv-qemu
// stress: host linux/386 wasip1
package main

type node struct {
	next  *node
	value int
}

type pair struct {
	a, b *node
	name string
}

type shape interface{ area() int }

func (n *node) area() int { return n.value }

type big struct {
	nodes [6]*node
	list  []*node
	any   shape
}

//go:noinline
func fresh(value int) *node { return &node{value: value} }

// garbage is allocated over what was freed, and enough for a collection when all pointers are put to the test.
//
//go:noinline
func garbage(n int) int {
	sum := 0
	for i := 0; i < n+10; i++ {
		s := make([]*node, i%3+1)
		s[0] = fresh(i)
		sum += len(s) + s[0].value
	}
	return sum
}

//go:noinline
func local() int {
	var p pair
	q := &p
	q.a = fresh(1)
	garbage(5)
	q.b = fresh(2)
	q.name = string([]byte{'a', byte('a' + q.b.value)})
	garbage(5)
	return q.a.value*10 + q.b.value + len(q.name) + int(q.name[1])
}

//go:noinline
func swapped() int {
	p := pair{a: fresh(1), b: fresh(2)}
	for i := 0; i < 20; i++ {
		q := &p
		q.a, q.b = q.b, q.a
		if i%5 == 4 {
			q.a = fresh(q.a.value + garbage(1)%7)
		}
	}
	return p.a.value*100 + p.b.value
}

//go:noinline
func array() int {
	var a [8]*node
	for i := range a {
		a[i] = fresh(i)
		garbage(2)
	}
	sum := 0
	for i := range a {
		sum = sum*3 + a[i].value
	}
	return sum
}

//go:noinline
func large() big {
	var b big
	for i := range b.nodes {
		b.nodes[i] = fresh(i)
		b.list = append(b.list, fresh(i*i))
	}
	b.any = fresh(77)
	garbage(4)
	return b
}

//go:noinline
func (b big) sum() int {
	garbage(6)
	sum := b.any.area()
	for i, n := range b.nodes {
		garbage(1)
		sum += n.value + b.list[i].value
	}
	return sum
}

//go:noinline
func several() (*node, string, []int, error) {
	garbage(3)
	return fresh(9), string([]byte("nine")), append([]int{9}, 8), failure{fresh(3)}
}

type failure struct{ n *node }

func (f failure) Error() string { return string([]byte{byte('0' + f.n.value)}) }

func deferred() (sum int) {
	n := fresh(5)
	defer func(m *node) {
		garbage(4)
		sum += n.value*10 + m.value
		r := recover().(*node)
		garbage(4)
		sum += r.value
	}(fresh(6))
	n = fresh(7)
	garbage(4)
	panic(fresh(100))
}

func each(yield func(*node, string) bool) {
	for i := 0; i < 4; i++ {
		n, s := fresh(i), string([]byte{byte('a' + i)})
		garbage(2)
		if !yield(n, s) {
			return
		}
	}
}

//go:noinline
func iterated() (int, string) {
	sum, text := 0, ""
	for n, s := range each {
		garbage(3)
		sum += n.value
		text += s
	}
	return sum, text
}

//go:noinline
func maps() int {
	m := map[string]*node{}
	for i := 0; i < 30; i++ {
		m[string([]byte{'k', byte('0' + i)})] = fresh(i)
	}
	sum := 0
	for k, v := range m {
		garbage(2)
		sum += int(k[1]-'0')*2 - v.value
		delete(m, k)
	}
	return sum + len(m)
}

func exchanged() int {
	in, out := make(chan *pair), make(chan shape, 2)
	for i := 0; i < 3; i++ {
		go func() {
			own := fresh(1000 * i)
			var last pair
			for p := range in {
				last.a, last.b = p.a, last.a
				garbage(2)
				out <- fresh(p.a.value + own.value)
			}
			garbage(3)
			if last.a != nil {
				out <- fresh(-last.a.value)
			} else {
				out <- fresh(0)
			}
		}()
	}
	sum := 0
	for i := 0; i < 9; i++ {
		p := pair{a: fresh(i)}
		in <- &p
		garbage(3)
		sum += (<-out).area() % 1000
	}
	close(in)
	for i := 0; i < 3; i++ {
		if (<-out).area() > 0 {
			sum += 5000
		}
	}
	return sum
}

//go:noinline
func text(n int) string {
	s, b := "", []byte(nil)
	for i := 0; i < n; i++ {
		s += string(rune('a' + i%26))
		b = append(b, s[len(s)/2:]...)
	}
	return s + string(b[len(b)-3:])
}

//go:noinline
func list(n int) (first *node) {
	link := &first
	for i := 0; i < n; i++ {
		*link = fresh(i)
		link = &(*link).next
	}
	return
}

func main() {
	println(local(), swapped(), array())
	b := large()
	println(b.sum(), large().sum())
	n, s, list9, err := several()
	garbage(3)
	println(n.value, s, list9[0], list9[1], err.Error())
	println(deferred())
	println(iterated())
	println(maps(), exchanged())
	println(text(60))
	sum := 0
	for n := list(100); n != nil; n = n.next {
		sum += n.value * garbage(1)
	}
	println(sum)
}
