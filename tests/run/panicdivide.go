// An uncaught division by zero with a deferred function that does not recover.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
// exit: 2
package main

func div(a, b int) int {
	defer func() { println("div", a, b) }()
	return a / b
}

func main() {
	println(div(7, 2))
	println(div(1, 0))
}
