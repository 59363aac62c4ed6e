// All goroutines asleep: Go's text and exit status.
//
// run: host riscv-qemu cortex-m-qemu
// not wasip1: goroutines have no lowering there yet
// not microbit pico arduino: an interrupt might wake a goroutine there
// exit: 2
package main

func main() {
	c := make(chan int)
	go func() { c <- 1 }()
	println(<-c)
	println(<-c)
}
