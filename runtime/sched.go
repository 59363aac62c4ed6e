package runtime

import _ "unsafe" // for linkname

// Goroutines are cooperative and run first in, first out. There is no scheduler stack: a goroutine that blocks looks
// for the next one itself and switches to it, or sleeps until a timer is due or an interrupt has made one ready. Only on
// WebAssembly, where stacks cannot be switched, it returns to a scheduler (task_wasm.go).

// runq holds the goroutines that can run.
var runq, runqTail *g

// sleepers holds the goroutines in timeSleep, the soonest first.
var sleepers *g

// pollTurns is after how many changes of goroutines files and timers are looked after.
const pollTurns = 64

var turns uint32

var (
	lastID     uint32
	goroutines = 1 // that have not ended
	mainExited bool
)

func newproc(fn func()) {
	lastID++
	goroutines++
	n := new(g)
	n.id = lastID
	n.task.init(fn)
	n.link()
	if hasBubbles && curg.bubble != nil {
		n.bubble = curg.bubble
		n.bubble.started()
	}
	makeReady(n)
}

// allgs links the goroutines other than the first, for the collector.
var allgs *g

func (n *g) link() {
	n.allNext = allgs
	if allgs != nil {
		allgs.allPrev = n
	}
	allgs = n
}

func (n *g) unlink() {
	if n.allPrev == nil {
		allgs = n.allNext
	} else {
		n.allPrev.allNext = n.allNext
	}
	if n.allNext != nil {
		n.allNext.allPrev = n.allPrev
	}
	n.allNext, n.allPrev = nil, nil
}

// parks and wakes keep count in the bubble of a goroutine that waits for it.
func (n *g) parks() {
	if hasBubbles && n.bubble != nil {
		n.durable = true
		n.bubble.running--
	}
}

func (n *g) wakes() {
	if hasBubbles && n.durable {
		n.durable = false
		n.bubble.running++
	}
}

// makeReady puts a goroutine at the end of the run queue. Interrupt handlers call it too.
func makeReady(n *g) {
	n.wakes()
	state := disableInterrupts()
	n.next = nil
	if runqTail == nil {
		runq = n
	} else {
		runqTail.next = n
	}
	runqTail = n
	restoreInterrupts(state)
}

// popReady takes the first goroutine out of the run queue, nil if there is none.
func popReady() *g {
	lookAround()
	state := disableInterrupts()
	n := runq
	if n != nil {
		runq = n.next
		if runq == nil {
			runqTail = nil
		}
		n.next = nil
	}
	restoreInterrupts(state)
	return n
}

// block gives up the processor until makeReady was called for the running goroutine.
func block(why string) {
	if hasBubbles && curg.bubble != nil {
		curg.bubble.waits()
	}
	if switchesByReturn && hasGoroutines {
		park(why)
		return
	}
	self := curg
	for {
		n := popReady()
		if n == nil {
			idle(why)
			continue
		}
		if n != self {
			switchTo(n)
		}
		return
	}
}

// lookAround is called at every change of goroutines: those that are always ready must not starve those that wait for
// files and timers.
func lookAround() {
	if fileWaiters == 0 && sleepers == nil && timers == nil {
		return
	}
	turns++
	if turns%pollTurns != 0 {
		return
	}
	if fileWaiters > 0 {
		pollFiles(0)
	}
	if sleepers != nil || timers != nil {
		wakeSleepers()
	}
}

// switchTo runs another goroutine; it returns when this one is chosen again.
func switchTo(n *g) {
	if !hasGoroutines {
		return
	}
	self := curg
	curg = n
	n.task.check()
	self.task.swap(&n.task)
}

// idle waits until something may have become ready.
func idle(why string) {
	if sleepers != nil || timers != nil {
		if sleepSpins {
			wakeSleepers()
			return
		}
		next := int64(1<<63 - 1)
		if sleepers != nil {
			next = sleepers.wake
		}
		if timers != nil && timers.when < next {
			next = timers.when
		}
		if now := ticks(); next > now {
			if fileWaiters > 0 {
				pollFiles(ticksToNanoseconds(next - now))
			} else {
				sleepTicks(next - now)
			}
		}
		wakeSleepers()
		return
	}
	if fileWaiters > 0 {
		pollFiles(-1)
		return
	}
	if interruptsWake {
		waitForInterrupt()
		return
	}
	deadlock(why)
}

func wakeSleepers() {
	now := ticks()
	for sleepers != nil && sleepers.wake <= now {
		s := sleepers
		sleepers = s.next
		makeReady(s)
	}
	runTimers(now)
}

func deadlock(why string) {
	if mainExited {
		printstring("fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n")
		exit(2)
	}
	printstring("fatal error: all goroutines are asleep - deadlock!\n\ngoroutine ")
	printuint32(curg.number())
	printstring(" [")
	printstring(why)
	printstring("]:\n")
	exit(2)
}

var spins uint32

// spin is called by loops that do nothing but ask whether they may go on, and by a select that cannot.
func spin() {
	spins++
	if spins%64 == 0 {
		Gosched()
	}
}

// Gosched lets other goroutines run.
func Gosched() {
	if !hasGoroutines {
		return
	}
	if sleepers != nil || timers != nil {
		wakeSleepers()
	}
	makeReady(curg)
	block("runnable")
}

// exitg ends the running goroutine.
func exitg() {
	goroutines--
	if hasBubbles && curg.bubble != nil {
		curg.bubble.ended(curg)
		curg.bubble = nil
	}
	if curg != &g0 {
		curg.unlink()
	}
	curg.task.end()
	block("exited")
}

// timeSleep pauses the goroutine for at least ns nanoseconds.
//
//go:linkname timeSleep time.Sleep
func timeSleep(ns int64) {
	if ns <= 0 {
		if hasGoroutines {
			Gosched()
		}
		return
	}
	if !hasGoroutines {
		sleepTicks(nanosecondsToTicks(ns))
		return
	}
	if bubbleInside() {
		t := &timer{f: wakeSleeper, arg: curg, bubble: curg.bubble}
		t.start(curg.bubble.now+ns, 0)
		bubbleWaits()
		block("sleep")
		return
	}
	self := curg
	self.wake = ticks() + nanosecondsToTicks(ns)
	if self.wake < 0 {
		self.wake = 1<<63 - 1 // longer than time lasts
	}
	p := &sleepers
	for *p != nil && (*p).wake <= self.wake {
		p = &(*p).next
	}
	self.next = *p
	*p = self
	block("sleep")
}

// wakeSleeper ends the sleep of a goroutine in a bubble.
func wakeSleeper(arg any, seq uintptr, delta int64) { makeReady(arg.(*g)) }

// NumGoroutine returns the number of goroutines that exist.
func NumGoroutine() int { return goroutines }
