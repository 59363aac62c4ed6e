// Goroutines: hand-over through channels, pipelines, many of them, closures, methods.
//
// run: host linux/386 linux/arm linux/arm64 linux/riscv64 wasip1 cortex-m-qemu riscv-qemu pico
// stress: host wasip1
// not microbit arduino: no room for their stacks
package main

func generate(n int) <-chan int {
	c := make(chan int)
	go func() {
		for i := 2; i <= n; i++ {
			c <- i
		}
		close(c)
	}()
	return c
}

func filter(in <-chan int, prime int) <-chan int {
	out := make(chan int)
	go func() {
		for v := range in {
			if v%prime != 0 {
				out <- v
			}
		}
		close(out)
	}()
	return out
}

type worker struct{ id int }

func (w worker) run(in <-chan int, out chan<- int) {
	for v := range in {
		out <- v*10 + w.id
	}
	out <- -1
}

func fib(n int, c chan<- int) {
	if n < 2 {
		c <- n
		return
	}
	sub := make(chan int, 2)
	go fib(n-1, sub)
	fib(n-2, sub)
	c <- <-sub + <-sub
}

func main() {
	c := generate(15)
	for p := range c {
		print(p, " ")
		c = filter(c, p)
		for p = range c {
			print(p, " ")
			c = filter(c, p)
			break
		}
		break
	}
	for v := range c {
		print(v, " ")
	}
	println()
	in, out := make(chan int), make(chan int)
	for i := range 3 {
		go worker{i}.run(in, out)
	}
	go func() {
		for i := range 8 {
			in <- i
		}
		close(in)
	}()
	sum, done := 0, 0
	for done < 3 {
		if v := <-out; v < 0 {
			done++
		} else {
			sum += v / 10
		}
	}
	println(sum)
	f := make(chan int, 1)
	fib(5, f)
	println(<-f)
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v + 1
		}
		close(pong)
	}()
	n := 0
	for range 50 {
		ping <- n
		n = <-pong
	}
	close(ping)
	_, ok := <-pong
	println(n, ok)
	result := make(chan any)
	go func() {
		defer func() { result <- recover() }()
		panic("in goroutine")
	}()
	println((<-result).(string))
}
