// Several goroutines panic and wait for each other in their deferred calls; the last panic is not recovered.
//
// run: host wasip1 cortex-m-qemu riscv-qemu
// not microbit pico arduino: no room for the stacks
// exit: 2
package main

import "time"

func worker(id int, in <-chan int, out chan<- int, done chan<- string) {
	text := ""
	defer func() {
		r := recover()
		done <- text + r.(error).Error()
	}()
	defer func() {
		v := <-in
		text = string(rune('0'+id)) + " got " + string(rune('0'+v)) + ", "
		time.Sleep(time.Millisecond)
		out <- v + 1
	}()
	var none []int
	_ = none[id]
}

func main() {
	a, b, c := make(chan int), make(chan int, 1), make(chan int, 1)
	done1, done2 := make(chan string), make(chan string)
	go worker(2, b, c, done2)
	go worker(1, a, b, done1)
	a <- 5
	println(<-done1)
	println(<-done2)
	println(<-c)
	defer func() {
		go func() { a <- 5 }()
		println("last", <-a)
	}()
	var m map[string]int
	m["x"] = 1
}
