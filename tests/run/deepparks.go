// A goroutine that blocks deeper and deeper in a recursion, and keeps small objects on the way: the heap stays small.
//
// run: host wasip1
// not cortex-m-qemu riscv-qemu microbit pico arduino: no room for the stack
package main

import "runtime"

type kept struct{ values [20]int }

func descend(n int, c chan int) int {
	mine := &kept{}
	go func() { c <- n }()
	got := <-c
	mine.values[n%20] = got
	if n > 0 {
		got += descend(n-1, c) % 7
	}
	return got + mine.values[(n+1)%20]
}

func main() {
	println(descend(1500, make(chan int)))
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	println(m.HeapSys < 24<<20)
}
