package runtime

import _ "unsafe" // for linkname

// Semaphores, which package sync builds its locks from. Goroutines are cooperative, so a counter and a queue do.

type semaWaiter struct {
	next *semaWaiter
	addr *uint32
	g    *g
}

var semaFirst, semaLast *semaWaiter

func semacquire(addr *uint32, why string) {
	if *addr > 0 {
		*addr--
		return
	}
	w := &semaWaiter{addr: addr, g: curg}
	if semaLast == nil {
		semaFirst = w
	} else {
		semaLast.next = w
	}
	semaLast = w
	block(why)
}

// semrelease hands the semaphore to the goroutine that has waited longest.
func semrelease(addr *uint32) {
	var prev *semaWaiter
	for w := semaFirst; w != nil; prev, w = w, w.next {
		if w.addr != addr {
			continue
		}
		if prev == nil {
			semaFirst = w.next
		} else {
			prev.next = w.next
		}
		if semaLast == w {
			semaLast = prev
		}
		makeReady(w.g)
		return
	}
	*addr++
}

//go:linkname sync_runtime_Semacquire sync.runtime_Semacquire
func sync_runtime_Semacquire(addr *uint32) { semacquire(addr, "semacquire") }

//go:linkname sync_runtime_SemacquireWaitGroup sync.runtime_SemacquireWaitGroup
func sync_runtime_SemacquireWaitGroup(addr *uint32, durable bool) {
	if durable && *addr == 0 {
		bubbleWaits()
	}
	semacquire(addr, "sync.WaitGroup.Wait")
}

//go:linkname sync_runtime_SemacquireRWMutexR sync.runtime_SemacquireRWMutexR
func sync_runtime_SemacquireRWMutexR(addr *uint32, lifo bool, skip int) {
	semacquire(addr, "sync.RWMutex.RLock")
}

//go:linkname sync_runtime_SemacquireRWMutex sync.runtime_SemacquireRWMutex
func sync_runtime_SemacquireRWMutex(addr *uint32, lifo bool, skip int) {
	semacquire(addr, "sync.RWMutex.Lock")
}

//go:linkname sync_runtime_Semrelease sync.runtime_Semrelease
func sync_runtime_Semrelease(addr *uint32, handoff bool, skip int) { semrelease(addr) }

//go:linkname internal_sync_runtime_SemacquireMutex internal/sync.runtime_SemacquireMutex
func internal_sync_runtime_SemacquireMutex(addr *uint32, lifo bool, skip int) {
	semacquire(addr, "sync.Mutex.Lock")
}

//go:linkname internal_sync_runtime_Semrelease internal/sync.runtime_Semrelease
func internal_sync_runtime_Semrelease(addr *uint32, handoff bool, skip int) { semrelease(addr) }

//go:linkname internal_sync_runtime_canSpin internal/sync.runtime_canSpin
func internal_sync_runtime_canSpin(i int) bool { return false }

//go:linkname internal_sync_runtime_doSpin internal/sync.runtime_doSpin
func internal_sync_runtime_doSpin() {}

//go:linkname internal_sync_nanotime internal/sync.runtime_nanotime
func internal_sync_nanotime() int64 { return nanotime() }

//go:linkname internal_sync_throw internal/sync.throw
func internal_sync_throw(s string) { throw(s) }

//go:linkname internal_sync_fatal internal/sync.fatal
func internal_sync_fatal(s string) { throw(s) }

//go:linkname sync_throw sync.throw
func sync_throw(s string) { throw(s) }

//go:linkname sync_fatal sync.fatal
func sync_fatal(s string) { throw(s) }
