// An uncaught run-time error: index out of range.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
// exit: 2
package main

func main() {
	s := []int{1, 2, 3}
	for i := 0; ; i++ {
		println(s[i])
	}
}
