// Big arrays and structs by value: arguments, results, copies, comparison, in interfaces, maps, channels and closures.
//
// run: host linux/386 wasip1 cortex-m-qemu riscv-qemu pico
// not microbit: the values need most of its 16 KB
// not arduino: the values need more than its 2 KB
package main

type block struct {
	id   int
	data [20]int32
	name string
}

func make2(id int) (block, block) {
	var a block
	a.id = id
	for i := range a.data {
		a.data[i] = int32(i * id)
	}
	b := a
	b.name = "copy"
	return a, b
}

func sum(b block) (s int32) {
	for _, v := range b.data {
		s += v
	}
	b.data[0] = 1000
	return
}

func (b block) with(i int, v int32) block {
	b.data[i] = v
	return b
}

func (b *block) set(i int, v int32) { b.data[i] = v }

func swap(a, b [12]int64) ([12]int64, [12]int64) { return b, a }

func main() {
	a, b := make2(3)
	println(sum(a), sum(b), a == b, a.data[0])
	b.name = ""
	println(a == b)
	c := a.with(5, -1)
	println(a.data[5], c.data[5], a == c)
	c.set(5, 15)
	println(a == c)
	a, c = c.with(0, 1), a.with(0, 2)
	println(a.data[0], c.data[0])
	var i any = a
	a.set(0, 7)
	println(i.(block).data[0], i == any(a), i.(interface{ with(int, int32) block }).with(0, 7) == a)
	m := map[int]block{1: a, 2: c}
	x := m[1]
	x.id = 50
	println(m[1].id, m[2].data[0], m[3].id)
	ch := make(chan block, 2)
	ch <- x
	x.id = 60
	println((<-ch).id)
	f := func() int { return x.id }
	x.id++
	println(f())
	p, q := [12]int64{1}, [12]int64{2}
	p, q = swap(p, q)
	println(p[0], q[0])
	blocks := []block{a, c}
	for _, v := range blocks {
		v.id = 99
	}
	blocks = append(blocks, blocks...)
	blocks[2].id = 44
	println(blocks[0].id, blocks[2].id, blocks[3].data[0])
	defer func(b block) { println("deferred", b.id) }(x)
	x.id = 0
	pb := &blocks[1]
	y := *pb
	pb.id = 5
	println(y.id, blocks[1].id)
}
