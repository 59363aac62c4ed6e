package sync

import "sync/atomic"

// A WaitGroup waits for goroutines to finish: Add and Go count them, Done is said by each at its end, and Wait blocks
// until all have. Goroutines share one thread, so counts do; interrupt handlers may say Done, too.
//
// A WaitGroup must not be copied after first use.
type WaitGroup struct {
	noCopy noCopy

	running  atomic.Int32
	waiting  uint32
	sema     uint32
	inBubble bool // counts goroutines of one bubble of package testing/synctest
}

// Add adds delta, which may be negative, to the number of goroutines. At zero, those that Wait go on; below, it panics.
func (wg *WaitGroup) Add(delta int) {
	bubbled := wg.enterBubble()
	running := wg.running.Add(int32(delta))
	if running < 0 {
		panic("sync: negative WaitGroup counter")
	}
	if running > 0 || wg.waiting == 0 {
		return
	}
	waiting := wg.waiting
	wg.waiting = 0
	if bubbled {
		wg.leaveBubble()
	}
	for ; waiting != 0; waiting-- {
		runtime_Semrelease(&wg.sema, false, 0)
	}
}

// Wait blocks until the number of goroutines is zero.
func (wg *WaitGroup) Wait() {
	if wg.running.Load() == 0 {
		if wg.waiting == 0 && wg.bubbled() {
			wg.leaveBubble()
		}
		return
	}
	wg.waiting++
	wg.acquire()
	if wg.running.Load() != 0 || wg.waiting != 0 {
		panic("sync: WaitGroup is reused before previous Wait has returned")
	}
}
