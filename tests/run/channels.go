// Channels: buffered and not, close and range, directions, nil, of every element type, as values.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: no room for the stacks of goroutines
package main

type msg struct {
	id    int
	text  string
	reply chan<- int
}

func try(f func()) {
	defer func() { println(recover().(error).Error()) }()
	f()
}

func main() {
	c := make(chan int, 3)
	c <- 1
	c <- 2
	println(len(c), cap(c), <-c, len(c))
	c <- 3
	c <- 4
	close(c)
	v, ok := <-c
	println(v, ok)
	for v := range c {
		print(v, " ")
	}
	v, ok = <-c
	println(v, ok)

	done := make(chan struct{})
	order := make(chan string)
	go func() {
		for s := range order {
			print(s, " ")
		}
		close(done)
	}()
	for _, s := range []string{"a", "b", "c"} {
		order <- s
	}
	close(order)
	<-done
	println()

	requests := make(chan msg)
	go func() {
		for m := range requests {
			m.reply <- m.id + len(m.text)
		}
	}()
	reply := make(chan int)
	requests <- msg{10, "hello", reply}
	println(<-reply)

	big := make(chan [20]int, 1)
	a := [20]int{19: 7}
	big <- a
	a[19] = 0
	println((<-big)[19])
	cc := make(chan chan string, 1)
	inner := make(chan string, 1)
	cc <- inner
	inner <- "nested"
	println(<-<-cc)
	fs := make(chan func() int, 1)
	fs <- func() int { return 42 }
	println((<-fs)())
	e := make(chan error, 1)
	e <- nil
	println(<-e == nil)
	var null chan int
	println(null == nil, len(null), cap(null))
	try(func() { close(null) })
	try(func() { close(done) })
	closed := make(chan int, 1)
	close(closed)
	try(func() { closed <- 1 })

	// A sender that waits when the channel is closed panics.
	wait := make(chan int)
	out := make(chan string)
	go func() {
		defer func() { out <- recover().(error).Error() }()
		wait <- 1
	}()
	for range 3 {
		order := make(chan int)
		go func() { order <- 1 }()
		<-order
	}
	close(wait)
	println(<-out)
	var r <-chan int = c
	_, ok = <-r
	println(ok)
	zero := make(chan struct{}, 2)
	zero <- struct{}{}
	zero <- struct{}{}
	println(len(zero))
}
