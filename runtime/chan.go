package runtime

import "unsafe"

// hchan is a channel: a ring buffer and two queues of waiting goroutines.
type hchan struct {
	count    uint // elements in the buffer
	size     uint // capacity
	head     uint // index of the next element to receive
	elemSize uintptr
	buf      unsafe.Pointer
	closed   bool
	bubbled  bool // a bubbledChan
	recvq    waitq
	sendq    waitq
	timer    *timer // that it belongs to: it never seems to hold an element
}

// waiter is a goroutine in the queue of a channel: one per blocked operation, several for a select.
type waiter struct {
	next  *waiter
	prev  *waiter
	g     *g
	elem  unsafe.Pointer // where to take the element from or put it
	index int32          // case of a select, else -1
}

type waitq struct {
	first *waiter
	last  *waiter
}

func (q *waitq) push(w *waiter) {
	w.next, w.prev = nil, q.last
	if q.last == nil {
		q.first = w
	} else {
		q.last.next = w
	}
	q.last = w
}

func (q *waitq) remove(w *waiter) {
	if w.prev != nil {
		w.prev.next = w.next
	} else if q.first == w {
		q.first = w.next
	} else {
		return // taken by another goroutine already
	}
	if w.next != nil {
		w.next.prev = w.prev
	} else {
		q.last = w.prev
	}
	w.next, w.prev = nil, nil
}

// pop takes the first waiter whose goroutine has not been woken by another case of its select.
func (q *waitq) pop() *waiter {
	for {
		w := q.first
		if w == nil {
			return nil
		}
		q.remove(w)
		if w.index >= 0 {
			if w.g.ready {
				continue
			}
			w.g.ready = true
			w.g.chosen = w.index
		}
		return w
	}
}

func makechan(elemSize, layout uintptr, size int) *hchan {
	if size < 0 || elemSize != 0 && uint64(size) > uint64(maxAlloc/elemSize) {
		panicPlain("makechan: size out of range")
		return nil
	}
	var c *hchan
	if bubbleInside() {
		b := &bubbledChan{bubble: curg.bubble}
		c = &b.hchan
		c.bubbled = true
	} else {
		c = new(hchan)
	}
	c.size = uint(size)
	c.elemSize = elemSize
	if size != 0 && elemSize != 0 {
		c.buf = alloc(uintptr(size)*elemSize, layout)
	}
	return c
}

func chanlen(c *hchan) int {
	if c == nil || c.timer != nil {
		return 0
	}
	return int(c.count)
}

func chancap(c *hchan) int {
	if c == nil || c.timer != nil {
		return 0
	}
	return int(c.size)
}

func (c *hchan) slot(i uint) unsafe.Pointer {
	return unsafe.Add(c.buf, uintptr(i)*c.elemSize)
}

// trySend sends without blocking: to a receiver, into the buffer, or not at all.
func (c *hchan) trySend(elem unsafe.Pointer) bool {
	if c.closed {
		panicPlain("send on closed channel")
		return true
	}
	if w := c.recvq.pop(); w != nil {
		if w.elem != nil {
			memmove(w.elem, elem, c.elemSize)
		}
		w.g.ok = true
		makeReady(w.g)
		return true
	}
	if c.count < c.size {
		i := c.head + c.count
		if i >= c.size {
			i -= c.size
		}
		memmove(c.slot(i), elem, c.elemSize)
		c.count++
		return true
	}
	return false
}

// tryRecv receives without blocking; done tells whether it could.
func (c *hchan) tryRecv(elem unsafe.Pointer) (done, ok bool) {
	if c.timer != nil && c.count == 0 {
		c.timer.look()
	}
	if c.count > 0 {
		slot := c.slot(c.head)
		if elem != nil {
			memmove(elem, slot, c.elemSize)
		}
		memzero(slot, c.elemSize)
		c.head++
		if c.head == c.size {
			c.head = 0
		}
		c.count--
		// Room for a sender that waits.
		if w := c.sendq.pop(); w != nil {
			i := c.head + c.count
			if i >= c.size {
				i -= c.size
			}
			memmove(c.slot(i), w.elem, c.elemSize)
			c.count++
			w.g.ok = true
			makeReady(w.g)
		}
		return true, true
	}
	if w := c.sendq.pop(); w != nil {
		if elem != nil {
			memmove(elem, w.elem, c.elemSize)
		}
		w.g.ok = true
		makeReady(w.g)
		return true, true
	}
	if c.closed {
		if elem != nil {
			memzero(elem, c.elemSize)
		}
		return true, false
	}
	return false, false
}

func chansend(c *hchan, elem unsafe.Pointer) {
	if c == nil {
		bubbleWaits()
		block("chan send (nil chan)")
		return
	}
	c.entered("send on")
	if c.trySend(elem) {
		return
	}
	w := waiter{g: curg, elem: c.reachable(elem, true), index: -1}
	c.sendq.push(&w)
	c.blocks()
	block("chan send")
	if !curg.ok {
		panicPlain("send on closed channel")
	}
}

func chanrecv(c *hchan, elem unsafe.Pointer) bool {
	if c == nil {
		bubbleWaits()
		block("chan receive (nil chan)")
		return false
	}
	c.entered("receive on")
	if done, ok := c.tryRecv(elem); done {
		return ok
	}
	w := waiter{g: curg, elem: c.reachable(elem, false), index: -1}
	c.recvq.push(&w)
	c.blocks()
	if c.timer != nil {
		c.timer.watched()
	}
	block("chan receive")
	if c.timer != nil {
		c.timer.unwatched()
	}
	if switchesByReturn && elem != nil {
		memmove(elem, w.elem, c.elemSize)
	}
	return curg.ok
}

// blocks says what a goroutine waits for that is about to wait for the channel.
func (c *hchan) blocks() {
	if c.bubbled {
		bubbleWaits()
	}
}

// reachable is where other goroutines find the element of one that waits: its stack may be away meanwhile.
func (c *hchan) reachable(elem unsafe.Pointer, send bool) unsafe.Pointer {
	if !switchesByReturn || elem == nil {
		return elem
	}
	p := alloc(c.elemSize, layoutUnknown)
	if send {
		memmove(p, elem, c.elemSize)
	}
	return p
}

func closechan(c *hchan) {
	if c == nil {
		panicPlain("close of nil channel")
		return
	}
	c.entered("close of")
	if c.closed {
		panicPlain("close of closed channel")
		return
	}
	c.closed = true
	for w := c.recvq.pop(); w != nil; w = c.recvq.pop() {
		if w.elem != nil {
			memzero(w.elem, c.elemSize)
		}
		w.g.ok = false
		makeReady(w.g)
	}
	for w := c.sendq.pop(); w != nil; w = c.sendq.pop() {
		w.g.ok = false
		makeReady(w.g)
	}
}

// scase is one case of a select statement.
type scase struct {
	c    *hchan
	elem unsafe.Pointer
	send bool
}

// selectgo chooses among the cases that can proceed, with equal chances; -1 is the default case.
func selectgo(cases *scase, n int, wait bool) (chosen int, recvOK bool) {
	list := unsafe.Slice(cases, n)
	if n > 0 {
		start := int(fastrand() % uint32(n))
		for k := 0; k < n; k++ {
			i := start + k
			if i >= n {
				i -= n
			}
			cas := &list[i]
			if cas.c == nil {
				continue
			}
			cas.c.entered("select on")
			if cas.send {
				if cas.c.trySend(cas.elem) {
					return i, false
				}
			} else if done, ok := cas.c.tryRecv(cas.elem); done {
				return i, ok
			}
		}
	}
	if !wait {
		if spinsYield {
			spin()
		}
		return -1, false
	}
	if n == 0 {
		bubbleWaits()
		block("select (no cases)")
		return -1, false
	}
	waiters := make([]waiter, n)
	curg.ready = false
	durable := true
	for i := range list {
		cas := &list[i]
		if cas.c == nil {
			continue
		}
		durable = durable && cas.c.bubbled
		w := &waiters[i]
		w.g, w.elem, w.index = curg, cas.c.reachable(cas.elem, cas.send), int32(i)
		if cas.send {
			cas.c.sendq.push(w)
			continue
		}
		cas.c.recvq.push(w)
		if cas.c.timer != nil {
			cas.c.timer.watched()
		}
	}
	if durable {
		bubbleWaits()
	}
	block("select")
	chosen = int(curg.chosen)
	for i := range list {
		cas := &list[i]
		if cas.c == nil {
			continue
		}
		if cas.c.timer != nil && !cas.send {
			cas.c.timer.unwatched()
		}
		if i == chosen {
			continue
		}
		if cas.send {
			cas.c.sendq.remove(&waiters[i])
		} else {
			cas.c.recvq.remove(&waiters[i])
		}
	}
	ok := curg.ok
	if cas := &list[chosen]; switchesByReturn && !cas.send && cas.elem != nil {
		memmove(cas.elem, waiters[chosen].elem, cas.c.elemSize)
	}
	if list[chosen].send && !ok {
		panicPlain("send on closed channel")
	}
	return chosen, ok
}
