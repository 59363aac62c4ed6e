// The end of main ends the program, whatever goroutines do; runtime.Goexit runs deferred calls.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: no room for the stacks of goroutines
package main

import "runtime"

func main() {
	defer println("deferred")
	go func() {
		select {}
	}()
	done := make(chan bool)
	go func() {
		defer close(done)
		defer println("goexit runs deferred calls")
		runtime.Goexit()
		println("never")
	}()
	<-done
	println("main ends")
}
