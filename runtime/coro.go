package runtime

import _ "unsafe" // for linkname

// A coro is what iter.Pull runs its function in: a goroutine that runs only while the one that wants a value waits.
type coro struct {
	f      func(*coro)
	parked *g // the one of the two that waits
}

//go:linkname newcoro runtime.newcoro
func newcoro(f func(*coro)) *coro {
	c := &coro{f: f}
	state := disableInterrupts()
	last := runqTail
	go c.run()
	c.parked = runqTail
	c.parked.parks()
	runqTail = last
	if last == nil {
		runq = nil
	} else {
		last.next = nil
	}
	restoreInterrupts(state)
	return c
}

func (c *coro) run() {
	defer func() { readyFirst(c.parked) }()
	c.f(c)
}

// coroswitch lets the other one go on, until that does the same or ends.
//
//go:linkname coroswitch runtime.coroswitch
func coroswitch(c *coro) {
	next := c.parked
	c.parked = curg
	readyFirst(next)
	bubbleWaits()
	block("coroutine")
}

// readyFirst puts a goroutine at the beginning of the run queue.
func readyFirst(n *g) {
	n.wakes()
	state := disableInterrupts()
	n.next = runq
	runq = n
	if runqTail == nil {
		runqTail = n
	}
	restoreInterrupts(state)
}
