package runtime

import "unsafe"

// timer is what a time.Timer or time.Ticker points to; it begins with the fields of time.Timer.
type timer struct {
	c       unsafe.Pointer // channel; that of a timer with a function is its user's
	init    bool
	active  bool
	sends   bool   // times to its channel
	queued  bool   // in a heap
	order   uint32 // of its start among those with the same time
	when    int64  // ticks
	period  int64  // ticks, 0 = once
	f       func(arg any, seq uintptr, delta int64)
	arg     any
	blocked uint32  // goroutines that wait for the channel
	bubble  *bubble // whose clock the timer goes by; when and period are nanoseconds then

	left, right, parent *timer // where it waits
}

// timers is the soonest of those that wait; the others are below it. A timer with a channel is among them only while a
// goroutine waits for the channel: otherwise whoever looks at the channel finds out whether its time has come, and the
// timer is garbage when nobody can look at it any more, as in Go since 1.23.
var timers *timer

//go:linkname newTimer time.newTimer
func newTimer(when, period int64, f func(any, uintptr, int64), arg any, c unsafe.Pointer) *timer {
	t := &timer{f: f, arg: arg, init: true}
	if bubbleInside() {
		t.bubble = curg.bubble
	}
	if c != nil {
		t.c, t.sends = c, true
		(*hchan)(c).timer = t
	}
	t.start(when, period)
	return t
}

// list is where the timer waits for its time.
func (t *timer) list() **timer {
	if hasBubbles && t.bubble != nil {
		return &t.bubble.timers
	}
	return &timers
}

//go:linkname stopTimer time.stopTimer
func stopTimer(t *timer) bool {
	if hasBubbles && t.bubble != nil && curg.bubble == nil {
		throw("stop of synctest timer from outside bubble")
	}
	return t.stop()
}

func (t *timer) stop() bool {
	pending := t.active
	if pending {
		t.active = false
		t.leave()
	}
	return t.drain() || pending
}

//go:linkname resetTimer time.resetTimer
func resetTimer(t *timer, when, period int64) bool {
	if hasBubbles && t.bubble != nil && curg.bubble == nil {
		throw("reset of synctest timer from outside bubble")
	}
	pending := t.stop()
	t.start(when, period)
	return pending
}

// drain removes a time that was sent and not received: since Go 1.23 nobody receives a stale one after Stop or Reset,
// which say of such a timer that it had not fired.
func (t *timer) drain() bool {
	c := (*hchan)(t.c)
	if !t.sends || c.count == 0 {
		return false
	}
	c.tryRecv(nil)
	return true
}

// start queues a timer; when is in the nanoseconds of nanotime.
func (t *timer) start(when, period int64) {
	if hasBubbles && t.bubble != nil {
		t.when, t.period = when, period
		if when <= t.bubble.now {
			t.fire(t.bubble.now)
			return
		}
		t.queue()
		return
	}
	t.when = nanosecondsToTicks(when)
	t.period = nanosecondsToTicks(period)
	if period > 0 && t.period == 0 {
		t.period = 1
	}
	t.queue()
}

func (t *timer) queue() {
	t.active = true
	if !t.sends || t.blocked > 0 || hasBubbles && t.bubble != nil {
		t.queued = true
		t.push(t.list())
	}
}

// leave takes the timer out of the heap, if it is in one.
func (t *timer) leave() {
	if t.queued {
		t.queued = false
		t.remove(t.list())
	}
}

// watched is called before a goroutine waits for the channel of the timer, unwatched after.
func (t *timer) watched() {
	t.blocked++
	if t.active && !t.queued {
		t.queue()
	}
}

func (t *timer) unwatched() {
	t.blocked--
	if t.blocked == 0 && (!hasBubbles || t.bubble == nil) {
		t.leave()
	}
}

// look is called when somebody looks whether there is a time in the channel.
func (t *timer) look() {
	if t.active && (!hasBubbles || t.bubble == nil) {
		if now := ticks(); t.when <= now {
			t.leave()
			t.fire(now)
		}
	}
}

// runTimers calls the functions of the timers that are due; they do not block.
func runTimers(now int64) {
	for timers != nil && timers.when <= now {
		t := timers
		t.leave()
		t.fire(now)
	}
}

// fire calls the function of a timer that is due and waits no more, and queues it again if it ticks.
func (t *timer) fire(now int64) {
	t.active = false
	delta := now - t.when
	if !hasBubbles || t.bubble == nil {
		delta = ticksToNanoseconds(delta)
	}
	if t.period > 0 {
		t.when += t.period * (1 + (now-t.when)/t.period)
		if t.when < 0 {
			t.when = 1<<63 - 1 // later than time lasts
		}
		t.queue()
	}
	t.f(t.arg, 0, delta)
}
