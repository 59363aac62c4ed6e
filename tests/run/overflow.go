// Recursion without end in main is stopped, also where an optimiser could make it a loop.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
// exit: 2
package main

type node struct{ next *node }

func (n *node) depth(k int) int {
	var a [4]int
	a[k%4] = k
	return n.next.depth(k+a[k%4]) + 1
}

func main() {
	n := &node{}
	n.next = n
	println(n.depth(1))
}
