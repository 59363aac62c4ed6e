package runtime

import "unsafe"

// A bubble is what synctest.Run runs: goroutines with a clock of their own, which goes on when all of them wait for one
// another or for that clock.
type bubble struct {
	id       uint32
	now      int64 // nanoseconds since 1970
	root     *g    // in Run
	main     *g    // runs the function
	waiter   *g    // in Wait
	rootIdle bool
	waiting  bool
	done     bool // main has ended
	total    int  // goroutines
	running  int  // those of them that do not wait for the others or the clock
	timers   *timer
	members  []unsafe.Pointer // what associate was called for
}

// hasBubbles is false in programs without bubbles, and the optimiser folds away what depends on it.
var hasBubbles bool

var (
	bubbleCount uint32
	bubbles     []*bubble // that have not ended, or have members
)

// bubbleStart is what the clock of a bubble shows first: midnight UTC, 2000-01-01.
const bubbleStart = 946684800e9

type bubbleDeadlock struct{ text string }

func (e bubbleDeadlock) Error() string { return e.text }

//go:linkname bubbleRun internal/synctest.Run
func bubbleRun(f func()) {
	self := curg
	if self.bubble != nil {
		panic("synctest.Run called from within a synctest bubble")
	}
	hasBubbles = true
	bubbleCount++
	b := &bubble{id: bubbleCount, now: bubbleStart, root: self, total: 1, running: 1}
	bubbles = append(bubbles, b)
	self.bubble = b
	defer func() {
		self.bubble = nil
		for i, other := range bubbles {
			if other == b && len(b.members) == 0 {
				bubbles = append(bubbles[:i], bubbles[i+1:]...)
				break
			}
		}
	}()
	go f()
	b.main = runqTail
	for {
		b.runTimers()
		b.running--
		if next := b.idle(); next == self {
			b.running++
		} else {
			b.rootIdle = true
			b.wake(next)
			block("synctest.Run")
		}
		if b.timers == nil || b.done {
			break
		}
		if b.now < b.timers.when {
			b.now = b.timers.when
		}
	}
	if b.total != 1 {
		if b.done {
			panic(bubbleDeadlock{"deadlock: main bubble goroutine has exited but blocked goroutines remain"})
		}
		panic(bubbleDeadlock{"deadlock: all goroutines in bubble are blocked"})
	}
}

//go:linkname bubbleWait internal/synctest.Wait
func bubbleWait() {
	b := curg.bubble
	if b == nil {
		panic("goroutine is not in a bubble")
	}
	if b.waiting {
		panic("wait already in progress")
	}
	b.waiting = true
	b.waiter = curg
	b.running--
	if next := b.idle(); next == curg {
		b.waiter = nil
		b.running++
	} else {
		b.wake(next)
		block("synctest.Wait")
	}
	b.waiting = false
}

// idle is which goroutine goes on when all others of the bubble wait; nil while one of them runs.
func (b *bubble) idle() *g {
	if b.running > 0 {
		return nil
	}
	if b.waiter != nil && (b.timers == nil || b.timers.when > b.now) {
		return b.waiter
	}
	return b.root
}

// wake lets the goroutine go on that idle has chosen.
func (b *bubble) wake(next *g) {
	if next == nil {
		return
	}
	if next == b.waiter {
		b.waiter = nil
	} else if b.rootIdle {
		b.rootIdle = false
	} else {
		return // the root runs
	}
	b.running++
	makeReady(next)
}

// waits notes that the running goroutine, which is about to block, waits for its bubble, if it has said so.
func (b *bubble) waits() {
	if curg.durable {
		b.running--
		b.wake(b.idle())
	}
}

// started and ended count goroutines.
func (b *bubble) started() {
	b.total++
	b.running++
}

func (b *bubble) ended(n *g) {
	b.total--
	b.running--
	if n == b.main {
		b.done = true
	}
	b.wake(b.idle())
}

func (b *bubble) runTimers() {
	for b.timers != nil && b.timers.when <= b.now {
		t := b.timers
		t.leave()
		t.fire(b.now)
	}
}

// bubbleWaits says that what the running goroutine is going to wait for can come from its own bubble only.
func bubbleWaits() {
	if hasBubbles && curg.bubble != nil {
		curg.durable = true
	}
}

// A bubbledChan is a channel that was made in a bubble.
type bubbledChan struct {
	hchan
	bubble *bubble
}

// entered stops the program when a goroutine uses a channel of a bubble that it is not in.
func (c *hchan) entered(what string) {
	if hasBubbles && c.bubbled && (*bubbledChan)(unsafe.Pointer(c)).bubble != curg.bubble {
		throw(what + " synctest channel from outside bubble")
	}
}

//go:linkname bubbleInside internal/synctest.IsInBubble
func bubbleInside() bool { return hasBubbles && curg.bubble != nil }

//go:linkname bubbleAcquire internal/synctest.acquire
func bubbleAcquire() any {
	if !bubbleInside() {
		return nil
	}
	curg.bubble.running++
	return curg.bubble
}

//go:linkname bubbleRelease internal/synctest.release
func bubbleRelease(of any) {
	b := of.(*bubble)
	b.running--
	b.wake(b.idle())
}

//go:linkname bubbleEnter internal/synctest.inBubble
func bubbleEnter(of any, f func()) {
	if bubbleInside() {
		panic("goroutine is already bubbled")
	}
	self := curg
	self.bubble = of.(*bubble)
	defer func() { self.bubble = nil }()
	f()
}

// How a pointer belongs to bubbles; the numbers are those of internal/synctest.
const (
	bubbleNone = iota
	bubbleCurrent
	bubbleOther
)

func bubbleOf(p unsafe.Pointer) int {
	for _, b := range bubbles {
		for _, member := range b.members {
			if member == p {
				if b == curg.bubble {
					return bubbleCurrent
				}
				return bubbleOther
			}
		}
	}
	return bubbleNone
}

// bubbleAssociate makes an object one of the current bubble; variables of packages belong to none.
//
//go:linkname bubbleAssociate internal/synctest.associate
func bubbleAssociate(p unsafe.Pointer) int {
	if !hasBubbles {
		return bubbleNone
	}
	of := bubbleOf(p)
	if of != bubbleNone || uintptr(p) >= globalsStart() && uintptr(p) < globalsEnd() {
		return of
	}
	b := curg.bubble
	b.members = append(b.members, p)
	return bubbleCurrent
}

//go:linkname bubbleDisassociate internal/synctest.disassociate
func bubbleDisassociate(p unsafe.Pointer) {
	if !hasBubbles {
		return
	}
	for _, b := range bubbles {
		for i, member := range b.members {
			if member == p {
				b.members = append(b.members[:i], b.members[i+1:]...)
				return
			}
		}
	}
}

//go:linkname bubbleAssociated internal/synctest.isAssociated
func bubbleAssociated(p unsafe.Pointer) bool {
	return hasBubbles && bubbleOf(p) == bubbleCurrent
}
