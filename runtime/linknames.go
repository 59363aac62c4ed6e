package runtime

import "unsafe"

// What packages of Go's library expect of package runtime beyond its exported names.

//go:linkname rand runtime.rand
func rand() uint64 { return uint64(fastrand())<<32 | uint64(fastrand()) }

//go:linkname randn runtime.randn
func randn(n uint32) uint32 { return uint32(uint64(fastrand()) * uint64(n) >> 32) }

// poolCleanup empties the pools of package sync.
var poolCleanup func()

//go:linkname sync_runtime_registerPoolCleanup sync.runtime_registerPoolCleanup
func sync_runtime_registerPoolCleanup(cleanup func()) { poolCleanup = cleanup }

// staticuint64s are the numbers below 256, which conversions of bytes to interfaces share. They are filled in when they
// are first wanted: an initialiser would run in every program.
var staticuint64s [256]uint64

//go:linkname getStaticuint64s runtime.getStaticuint64s
func getStaticuint64s() *[256]uint64 {
	if staticuint64s[1] == 0 {
		for i := range staticuint64s {
			staticuint64s[i] = uint64(i)
		}
	}
	return &staticuint64s
}

//go:linkname sync_runtime_procPin sync.runtime_procPin
func sync_runtime_procPin() int { return 0 }

//go:linkname sync_runtime_procUnpin sync.runtime_procUnpin
func sync_runtime_procUnpin() {}

//go:linkname atomic_runtime_procPin sync/atomic.runtime_procPin
func atomic_runtime_procPin() int { return 0 }

//go:linkname atomic_runtime_procUnpin sync/atomic.runtime_procUnpin
func atomic_runtime_procUnpin() {}

// The queue of a sync.Cond; the fields are those of sync.notifyList.
type notifyList struct {
	wait   uint32
	notify uint32
	lock   uintptr
	head   *notifyWaiter
	tail   *notifyWaiter
}

type notifyWaiter struct {
	next   *notifyWaiter
	g      *g
	ticket uint32
}

//go:linkname notifyListCheck sync.runtime_notifyListCheck
func notifyListCheck(size uintptr) {
	if size != unsafe.Sizeof(notifyList{}) {
		throw("bad notifyList size")
	}
}

//go:linkname notifyListAdd sync.runtime_notifyListAdd
func notifyListAdd(l *notifyList) uint32 {
	l.wait++
	return l.wait - 1
}

//go:linkname notifyListWait sync.runtime_notifyListWait
func notifyListWait(l *notifyList, ticket uint32) {
	if int32(ticket-l.notify) < 0 {
		return // notified before it came here
	}
	w := &notifyWaiter{g: curg, ticket: ticket}
	if l.tail == nil {
		l.head = w
	} else {
		l.tail.next = w
	}
	l.tail = w
	bubbleWaits()
	block("sync.Cond.Wait")
}

//go:linkname notifyListNotifyAll sync.runtime_notifyListNotifyAll
func notifyListNotifyAll(l *notifyList) {
	l.notify = l.wait
	for w := l.head; w != nil; w = w.next {
		w.wake()
	}
	l.head, l.tail = nil, nil
}

func (w *notifyWaiter) wake() {
	if hasBubbles && w.g.bubble != nil && w.g.bubble != curg.bubble {
		throw("semaphore wake of synctest goroutine from outside bubble")
	}
	makeReady(w.g)
}

//go:linkname notifyListNotifyOne sync.runtime_notifyListNotifyOne
func notifyListNotifyOne(l *notifyList) {
	if l.notify == l.wait {
		return
	}
	l.notify++
	if w := l.head; w != nil {
		l.head = w.next
		if l.head == nil {
			l.tail = nil
		}
		w.wake()
	}
}

//go:linkname bytealg_MakeNoZero internal/bytealg.MakeNoZero
func bytealg_MakeNoZero(n int) []byte {
	if n < 0 || uint64(n) > uint64(maxAlloc) {
		panicMakeSlice("len")
		return nil
	}
	// All that the allocator would give anyway.
	size := roundupsize(uintptr(n))
	return unsafe.Slice((*byte)(alloc(size, layoutNoPointers)), size)[:n]
}
