// An uncaught failed type assertion in a goroutine ends the program.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: no room for the stacks of goroutines
// exit: 2
package main

type shape interface{ area() int }
type dot struct{}

func main() {
	c := make(chan any)
	go func() {
		v := <-c
		println("got it")
		println(v.(shape).area())
	}()
	c <- dot{}
	<-c
	println("never")
}
