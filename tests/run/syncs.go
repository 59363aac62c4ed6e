// Package sync: Mutex, RWMutex, WaitGroup, Once, Cond; atomics.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: no room for the stacks of goroutines
package main

import (
	"runtime"
	"sync"
	"sync/atomic"
)

type account struct {
	sync.Mutex
	n int
}

func main() {
	var acc account
	var wg sync.WaitGroup
	for range 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 10 {
				acc.Lock()
				n := acc.n
				runtime.Gosched()
				acc.n = n + 1
				acc.Unlock()
			}
		}()
	}
	wg.Wait()
	println(acc.n)

	var once sync.Once
	for i := range 3 {
		once.Do(func() { println("once", i) })
	}
	value := sync.OnceValue(func() int { println("computed"); return 5 })
	println(value() + value())

	var rw sync.RWMutex
	rw.RLock()
	rw.RLock()
	println(rw.TryLock(), rw.TryRLock())
	rw.RUnlock()
	rw.RUnlock()
	rw.RUnlock()
	written := make(chan bool)
	go func() {
		rw.Lock()
		acc.n = -1
		rw.Unlock()
		written <- true
	}()
	<-written
	rw.RLock()
	println(acc.n)
	rw.RUnlock()
	println(acc.TryLock(), acc.TryLock())
	acc.Unlock()

	var n atomic.Int32
	var total int64
	for i := range 4 {
		wg.Go(func() {
			n.Add(int32(i))
			atomic.AddInt64(&total, 1<<33)
		})
	}
	wg.Wait()
	println(n.Load(), total, n.CompareAndSwap(6, 1), n.Swap(2))

	cond := sync.NewCond(&sync.Mutex{})
	ready := false
	for range 3 {
		wg.Add(1)
		go func() {
			cond.L.Lock()
			for !ready {
				cond.Wait()
			}
			cond.L.Unlock()
			wg.Done()
		}()
	}
	runtime.Gosched()
	cond.L.Lock()
	ready = true
	cond.L.Unlock()
	cond.Broadcast()
	wg.Wait()
	println("woken")
}
