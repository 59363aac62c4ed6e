// The collector under pressure: many short-lived trees beside one that lives on.
//
// run: host wasip1 cortex-m-qemu riscv-qemu pico
// not microbit: the live tree needs more than its 16 KB
// not arduino: the live tree needs more than its 2 KB
package main

type node struct {
	left, right *node
	val         int32
}

func build(depth int, val int32) *node {
	if depth == 0 {
		return &node{val: val}
	}
	return &node{build(depth-1, 2*val), build(depth-1, 2*val+1), val}
}

func (n *node) check() int32 {
	if n == nil {
		return 0
	}
	return n.val&7 + n.left.check() + n.right.check()
}

func main() {
	long := build(8, 1)
	want := long.check()
	var sum int32
	for i := int32(0); i < 150; i++ {
		sum += build(6, i).check()
		if long.check() != want {
			println("live tree damaged after", i)
			return
		}
	}
	println(sum, want)
	// A list that is long, dropped from its front.
	var head, tail *node
	for i := int32(0); i < 20000; i++ {
		n := &node{val: i}
		if tail == nil {
			head = n
		} else {
			tail.right = n
		}
		tail = n
		if i >= 100 {
			head = head.right
		}
	}
	println(head.val, tail.val)
}
