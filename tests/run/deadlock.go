// All goroutines asleep: Go's text and exit status.
//
// run: host wasip1 riscv-qemu cortex-m-qemu
// not microbit pico arduino: an interrupt might wake a goroutine there
// exit: 2
package main

func main() {
	c := make(chan int)
	go func() { c <- 1 }()
	println(<-c)
	println(<-c)
}
