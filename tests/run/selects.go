// Select: default, several ready cases, sending and receiving, nil channels, fairness, closing.
//
// run: host linux/386 linux/arm linux/arm64 linux/riscv64 wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: no room for the stacks of goroutines
package main

func poll(c chan int) string {
	select {
	case v, ok := <-c:
		if !ok {
			return "closed"
		}
		return "got " + string(rune('0'+v))
	default:
		return "empty"
	}
}

func offer(c chan int, v int) bool {
	select {
	case c <- v:
		return true
	default:
		return false
	}
}

func main() {
	c := make(chan int, 1)
	println(poll(c), offer(c, 5), offer(c, 6), poll(c), poll(c))
	close(c)
	println(poll(c), poll(nil))

	a, b := make(chan int), make(chan int)
	quit := make(chan bool)
	go func() {
		for i := range 5 {
			a <- i
		}
		quit <- true
	}()
	go func() {
		for i := range 5 {
			b <- i * 10
		}
		quit <- true
	}()
	sum, quits := 0, 0
	for quits < 2 {
		select {
		case v := <-a:
			sum += v
		case v := <-b:
			sum += v
		case <-quit:
			quits++
		}
	}
	println(sum)

	x, y := make(chan int, 1000), make(chan int, 1000)
	for range 1000 {
		x <- 1
		y <- 1
	}
	nx, ny := 0, 0
	for range 1000 {
		select {
		case <-x:
			nx++
		case <-y:
			ny++
		}
	}
	println(nx+ny, nx > 350, ny > 350)

	out := make(chan string)
	in := make(chan string)
	go func() { in <- <-out + "!" }()
	var pending = "hello"
	for pending != "" {
		select {
		case out <- pending:
			println("sent")
			out = nil
		case s := <-in:
			println(s)
			pending = ""
		}
	}
	var arr [3]int
	i := 0
	idx := func() int { i++; return i }
	full := make(chan int, 1)
	full <- 9
	select {
	case arr[idx()] = <-full:
	case c := <-out:
		println(c)
	}
	println(arr[1], i)
loop:
	for n := 0; ; n++ {
		select {
		case <-out:
		default:
			if n == 3 {
				println("left")
				break loop
			}
			continue loop
		}
	}
	block := make(chan int)
	go func() {
		defer close(block)
		select {
		case block <- 1:
		case v := <-block:
			println("own", v)
		}
	}()
	println(<-block)
	_, ok := <-block
	println(ok)
	select {
	case <-block:
		println("closed is ready")
	}
}
