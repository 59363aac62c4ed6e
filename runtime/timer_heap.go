package runtime

// Timers that wait form a skew heap (Sleator and Tarjan, "Self-adjusting heaps", 1986): the soonest is at the top, and
// one more or one less is a join of two heaps, which costs the logarithm of their number on average.

// before orders timers by their time, and those of one time by when they were started.
func (t *timer) before(u *timer) bool {
	return t.when < u.when || t.when == u.when && t.order < u.order
}

// joinTimers makes one heap of two. It goes where *at is, which belongs to parent.
func joinTimers(a, b, parent *timer, at **timer) {
	for a != nil && b != nil {
		if b.before(a) {
			a, b = b, a
		}
		*at, a.parent = a, parent
		rest := a.right
		a.right = a.left
		parent, at, a = a, &a.left, rest
	}
	if a == nil {
		a = b
	}
	*at = a
	if a != nil {
		a.parent = parent
	}
}

// timersStarted counts the timers that were queued.
var timersStarted uint32

// push adds a timer to a heap.
func (t *timer) push(top **timer) {
	timersStarted++
	t.order = timersStarted
	if hasBubbles && t.bubble != nil {
		t.order = fastrand() // a clock that stands must not look as if it gave an order
	}
	t.left, t.right = nil, nil
	joinTimers(*top, t, nil, top)
}

// remove takes a timer out of the heap that it is in.
func (t *timer) remove(top **timer) {
	at := top
	if p := t.parent; p != nil {
		if at = &p.left; *at != t {
			at = &p.right
		}
	}
	joinTimers(t.left, t.right, t.parent, at)
	t.left, t.right, t.parent = nil, nil, nil
}
