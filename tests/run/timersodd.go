// Timers that others must not starve, times that never come, and Stop of a timer whose time nobody has received.
//
// run: host wasip1 cortex-m-qemu riscv-qemu
package main

import "time"

func main() {
	// Two goroutines of which one can always run: neither the timer nor the sleeper may wait for them.
	stop, done := false, make(chan bool)
	slept := make(chan bool, 1)
	c := make(chan bool, 1)
	go func() {
		for !stop {
			c <- true
		}
		close(c)
	}()
	go func() {
		for range c {
		}
		done <- true
	}()
	go func() {
		time.Sleep(time.Microsecond)
		slept <- true
	}()
	time.AfterFunc(2*time.Millisecond, func() { stop = true })
	println("stopped", <-done, "slept", <-slept)

	const ever = time.Duration(1<<63 - 1)
	go func() {
		time.Sleep(ever)
		println("wrong: slept for ever")
	}()
	time.Sleep(time.Millisecond)

	ticker := time.NewTicker(ever)
	ticker.Reset(ever - 1)
	select {
	case <-ticker.C:
		println("wrong: ticked")
	case <-time.After(time.Millisecond):
		println("no tick")
	}
	fired := make(chan bool, 1)
	late := time.AfterFunc(ever, func() { fired <- true })
	time.Sleep(time.Millisecond)
	println("pending", late.Stop(), late.Stop())

	timer := time.NewTimer(time.Microsecond)
	time.Sleep(2 * time.Millisecond)
	println("unreceived", timer.Stop(), timer.Stop())
	timer.Reset(time.Microsecond)
	time.Sleep(2 * time.Millisecond)
	println("unreceived", timer.Reset(time.Microsecond))
	<-timer.C
	println("received", timer.Stop())
	select {
	case <-timer.C:
		println("wrong: a stale time")
	default:
	}
}
