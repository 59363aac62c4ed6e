// A panic in a deferred call during a panic: both are printed, and what was recovered is marked.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: the same as panicerror there
// exit: 2
package main

func main() {
	defer func() {
		panic("third")
	}()
	defer func() {
		println("recovers", recover().(string))
		panic("second")
	}()
	panic("first")
}
