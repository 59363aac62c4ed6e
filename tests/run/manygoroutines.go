// Tens of thousands of goroutines at once, and one after the other: their stacks are found, kept apart and used again.
//
// run: host wasip1
// not cortex-m-qemu riscv-qemu microbit pico arduino: too little memory
package main

import "sync"

func main() {
	const n = 20000
	c, d := make(chan int), make(chan int)
	for i := range n {
		go func() { d <- i*2 + <-c }()
	}
	for range n {
		c <- 1
	}
	sum := 0
	for range n {
		sum += <-d
	}
	println(sum)

	var wg sync.WaitGroup
	var mu sync.Mutex
	count := 0
	for range 5 {
		for range n {
			wg.Go(func() {
				mu.Lock()
				defer mu.Unlock()
				count++
			})
		}
		wg.Wait()
	}
	println(count)
}
