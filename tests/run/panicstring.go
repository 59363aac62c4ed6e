// An uncaught panic with a string; deferred calls run first.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
// exit: 2
package main

func f(n int) {
	defer println("deferred", n)
	if n == 0 {
		panic("out of luck")
	}
	f(n - 1)
}

func main() {
	f(2)
}
