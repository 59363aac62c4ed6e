package runtime

import "unsafe"

// timer is what a time.Timer or time.Ticker points to; it begins with the fields of time.Timer.
type timer struct {
	c      unsafe.Pointer // channel
	init   bool
	active bool
	next   *timer // the soonest first
	when   int64  // ticks
	period int64  // ticks, 0 = once
	f      func(arg any, seq uintptr, delta int64)
	arg    any
}

var timers *timer

//go:linkname newTimer time.newTimer
func newTimer(when, period int64, f func(any, uintptr, int64), arg any, c unsafe.Pointer) *timer {
	t := &timer{f: f, arg: arg, init: true}
	t.start(when, period)
	return t
}

//go:linkname stopTimer time.stopTimer
func stopTimer(t *timer) bool {
	pending := t.active
	for p := &timers; *p != nil; p = &(*p).next {
		if *p == t {
			*p = t.next
			break
		}
	}
	t.active = false
	t.drain()
	return pending
}

//go:linkname resetTimer time.resetTimer
func resetTimer(t *timer, when, period int64) bool {
	pending := stopTimer(t)
	t.start(when, period)
	return pending
}

// drain removes a time that was sent and not received: since Go 1.23 nobody receives a stale one after Stop or Reset.
func (t *timer) drain() {
	if c := (*hchan)(t.c); c != nil && c.count > 0 {
		c.tryRecv(nil)
	}
}

// start queues a timer; when is in the nanoseconds of nanotime.
func (t *timer) start(when, period int64) {
	t.when = nanosecondsToTicks(when)
	t.period = nanosecondsToTicks(period)
	if period > 0 && t.period == 0 {
		t.period = 1
	}
	t.queue()
}

func (t *timer) queue() {
	t.active = true
	p := &timers
	for *p != nil && (*p).when <= t.when {
		p = &(*p).next
	}
	t.next = *p
	*p = t
}

// runTimers calls the functions of the timers that are due; they do not block.
func runTimers(now int64) {
	for timers != nil && timers.when <= now {
		t := timers
		timers = t.next
		t.active = false
		delta := ticksToNanoseconds(now - t.when)
		if t.period > 0 {
			t.when += t.period * (1 + (now-t.when)/t.period)
			t.queue()
		}
		t.f(t.arg, 0, delta)
	}
}
