// An uncaught nil dereference.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
// exit: 2
package main

type node struct {
	next *node
	val  int
}

func main() {
	n := &node{&node{nil, 2}, 1}
	for {
		println(n.val)
		n = n.next
	}
}
