// Time: sleep keeps order, time-outs with time.After, timers that are stopped, tickers.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: no room for the stacks of goroutines
package main

import "time"

func main() {
	start := time.Now()
	c := make(chan int)
	for _, ms := range []int{120, 40, 80} {
		go func() {
			time.Sleep(time.Duration(ms) * time.Millisecond)
			c <- ms
		}()
	}
	println(<-c, <-c, <-c)
	d := time.Since(start)
	println(d >= 120*time.Millisecond, d < 10*time.Second)

	select {
	case v := <-c:
		println("wrong", v)
	case <-time.After(20 * time.Millisecond):
		println("timeout")
	}
	go func() { c <- 7 }()
	select {
	case v := <-c:
		println(v)
	case <-time.After(5 * time.Second):
		println("wrong: timeout")
	}
	fired := make(chan bool, 1)
	t := time.AfterFunc(time.Hour, func() { fired <- false })
	println(t.Stop(), t.Stop())
	time.AfterFunc(10*time.Millisecond, func() { fired <- true })
	println(<-fired)
	tick := time.NewTicker(15 * time.Millisecond)
	n := 0
	for range tick.C {
		n++
		if n == 3 {
			tick.Stop()
			break
		}
	}
	println(n)
	timer := time.NewTimer(time.Hour)
	println(timer.Reset(5 * time.Millisecond))
	<-timer.C
	println((1500 * time.Millisecond).Milliseconds(), time.Duration(90*time.Second).Minutes() == 1.5)
}
