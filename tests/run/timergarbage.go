// Timers whose channels nobody can look at any more are garbage though their time has not come, and so are stopped ones;
// those that somebody waits for, or that call a function, are not. What is in the heap can be counted.
//
// run: host wasip1
package main

import (
	"runtime"
	"time"
)

const many = 2000

func objects() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	if m.HeapObjects != m.Mallocs-m.Frees {
		println("HeapObjects, Mallocs and Frees disagree")
	}
	return int(m.HeapObjects)
}

//go:noinline
func start(make func()) {
	for range many {
		make()
	}
}

func main() {
	for i, make := range []func(){
		func() { time.After(time.Hour) },
		func() { time.Tick(time.Hour) },
		func() { time.NewTimer(time.Hour) },
		func() { time.NewTicker(time.Hour).Stop() },
		func() { time.AfterFunc(time.Hour, func() {}).Stop() },
	} {
		before := objects()
		start(make)
		println(i, objects()-before < many)
	}

	before := objects()
	start(func() { time.AfterFunc(time.Hour, func() {}) })
	println("functions stay:", objects()-before >= many/2)

	// A ticker goes on while nobody waits for it, and keeps one tick.
	ticker := time.NewTicker(100 * time.Millisecond)
	<-ticker.C
	time.Sleep(250 * time.Millisecond)
	runtime.GC()
	<-ticker.C
	select {
	case <-ticker.C:
		println("a second tick was kept")
	default:
	}
	<-ticker.C
	ticker.Stop()

	// Stop and Reset while the time is over, but nobody has looked.
	timer := time.NewTimer(time.Millisecond)
	time.Sleep(3 * time.Millisecond)
	println(timer.Stop(), timer.Stop())
	timer.Reset(time.Millisecond)
	time.Sleep(3 * time.Millisecond)
	println(timer.Reset(time.Hour))
	select {
	case <-timer.C:
		println("a stale time")
	default:
	}

	// Two wait for one timer; one gives up before.
	done := make(chan bool)
	timer = time.NewTimer(50 * time.Millisecond)
	for _, patience := range []time.Duration{time.Millisecond, time.Hour} {
		go func() {
			select {
			case <-timer.C:
				done <- true
			case <-time.After(patience):
				done <- false
			}
		}()
	}
	println(<-done, <-done)

	// Reset while somebody waits.
	timer = time.NewTimer(time.Hour)
	go func() {
		time.Sleep(time.Millisecond)
		println(timer.Reset(time.Millisecond))
	}()
	<-timer.C
	println("done")
}
