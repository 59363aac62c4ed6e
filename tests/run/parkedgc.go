// What only waiting goroutines hold survives collections.
//
// run: host wasip1 cortex-m-qemu riscv-qemu
// not microbit pico arduino: no room for the stacks
package main

import "runtime"

type node struct {
	next *node
	text string
}

func list(n int, from string) *node {
	if n == 0 {
		return nil
	}
	return &node{list(n-1, from), from + string(rune('a'+n))}
}

func hold(depth int, go1 <-chan *node, out chan<- string) string {
	mine := list(depth, "x")
	var box [3]*node
	box[depth%3] = list(2, "box")
	text := ""
	if depth > 0 {
		text = hold(depth-1, go1, out)
	} else {
		got := <-go1
		text = got.text
	}
	for n := mine; n != nil; n = n.next {
		text += n.text
	}
	return text + box[depth%3].text
}

func churn() {
	for i := 0; i < 200; i++ {
		_ = list(10, "garbage")
	}
	runtime.GC()
}

func main() {
	var in [3]chan *node
	var out [3]chan string
	for i := range in {
		in[i], out[i] = make(chan *node), make(chan string)
		go func() { out[i] <- hold(i, in[i], out[i]) }()
	}
	runtime.Gosched()
	churn()
	sent := make(chan bool)
	go func() {
		in[2] <- list(1, "sent")
		sent <- true
	}()
	runtime.Gosched()
	churn()
	<-sent
	in[1] <- list(1, "second")
	churn()
	in[0] <- list(1, "third")
	for i := range out {
		churn()
		println(<-out[i])
	}
}
