//go:build tinygo.wasm

package runtime

import "unsafe"

// Goroutines on WebAssembly. There is one call stack, which the program cannot switch, so the compiler makes functions
// that may block resumable (src/opt/resumable.rs): when suspend has set switching, they save what they need in their
// frames and return, down to the scheduler, which keeps a copy of the stack in linear memory. To go on, it copies the
// stack back and calls the goroutine's first function again; every function goes on in the call it was in, until
// suspend is reached.
//
// All goroutines run at the same addresses, below stackBase: pointers to objects on their stacks hold. Above it is the
// scheduler's own stack.

const switchesByReturn = true

const (
	running = iota
	suspending
	resuming
)

// switching tells functions that may block what to do, when they are called and when a call returns.
var switching uint8

// pinned counts the activations on the stack that cannot be resumed: of gopanic, of functions that the host called.
var pinned int32

type task struct {
	record unsafe.Pointer // of the func value to start with; nil for the first goroutine, which runs the program
	saved  unsafe.Pointer // copy of the stack
	size   uintptr        // bytes of it while the goroutine does not run, else 0
	room   uintptr        // of saved
	begun  bool
	dead   bool
	nested bool // waits in nest
}

func (t *task) init(fn func()) { t.record = *(*unsafe.Pointer)(unsafe.Pointer(&fn)) }
func (t *task) swap(to *task)  {}
func (t *task) check()         {}
func (t *task) scan()          { scanRange(uintptr(t.saved), uintptr(t.saved)+t.size) }
func (t *task) end()           { t.dead = true }

func (t *task) shallowEnd(sp uintptr) uintptr { return 0 }

func pin()   { pinned++ }
func unpin() { pinned-- }

// The compiler spills pointers that live across calls to the stack in linear memory, so there are no registers to scan.
func scanCurrentStack() { scanRange(stackPointer(), stackTop()) }

var (
	stackBase      uintptr // where the stacks of goroutines begin
	schedulerStack uintptr // how far the scheduler's own is in use
	mainDone       bool
	waitsFor       string // what the last goroutine waits for
)

// schedulerRoom is the size of the scheduler's stack. A collection may happen there, and goroutines that block where
// they cannot be resumed bring further activations of the scheduler.
const schedulerRoom = 8 << 10

// runGoroutine calls runtime_startg(record) with another stack pointer.
//
//go:calls runtime.startg
//export runtime_runGoroutine
func runGoroutine(sp uintptr, record unsafe.Pointer)

// runNested calls runtime_nestedSchedule with another stack pointer.
//
//go:calls runtime.nestedSchedule
//export runtime_runNested
func runNested(sp uintptr)

// startg is where every goroutine begins.
//
//go:callback
//export runtime_startg
func startg(record unsafe.Pointer) {
	if record == nil {
		main()
		mainDone = true
		return
	}
	fn := *(*func())(unsafe.Pointer(&record))
	fn()
	exitg()
}

// runFirst runs the program as the first goroutine, and all others.
func runFirst() {
	stackBase = (stackPointer() - schedulerRoom) &^ 15
	makeReady(&g0)
	schedule(nil)
}

// schedule runs goroutines until main is done; in an activation for a goroutine that cannot be resumed, until that is
// ready.
func schedule(until *g) {
	var held *g // ready, but waiting in an outer activation
	for {
		n := popReady()
		switch {
		case n == nil:
			idle(waitsFor)
		case n == until:
			for held != nil {
				n = held
				held = n.next
				makeReady(n)
			}
			return
		case n.task.nested:
			n.next = held
			held = n
		default:
			resume(n)
			if mainDone {
				if until == nil {
					return
				}
				exit(0)
			}
		}
	}
}

//go:callback
//export runtime_nestedSchedule
func nestedSchedule() { schedule(curg) }

// resume runs a goroutine until it ends or blocks.
func resume(n *g) {
	curg = n
	t := &n.task
	if t.begun {
		t.restore()
		switching = resuming
	}
	t.begun = true
	schedulerStack = stackPointer()
	runGoroutine(stackBase, t.record)
	if switching == suspending {
		memmove(t.saved, unsafe.Pointer(stackBase-t.size), t.size)
		switching = running
	}
}

// reserve makes room for a copy of the stack of the running goroutine, from sp on.
func (t *task) reserve(sp uintptr) {
	size := uintptr(0)
	if sp < stackBase && !t.dead {
		size = stackBase - sp
	}
	if t.room < size {
		room := size
		if t.room != 0 {
			// A goroutine that blocks deeper and deeper would leave a trail of copies, none of which has room for the next.
			room += size / 2
		}
		t.room = (room + 63) &^ 63
		t.saved = alloc(t.room, layoutNoPointers)
	}
	t.size = size
}

func (t *task) restore() {
	memmove(unsafe.Pointer(stackBase-t.size), t.saved, t.size)
	t.size = 0
}

// suspend is where a goroutine leaves and where it comes back: functions that call it, or call functions that do, are
// resumable.
//
//go:noinline
func suspend() {
	if switching == resuming {
		switching = running
		return
	}
	curg.task.reserve(stackPointer())
	switching = suspending
}

// park gives up the processor until makeReady was called for the running goroutine.
func park(why string) {
	waitsFor = why
	if pinned == 0 {
		suspend()
		return
	}
	nest()
}

// nest runs the scheduler on top of a goroutine that cannot be resumed, until it is ready. The others run at the same
// addresses meanwhile, so its stack is put aside.
func nest() {
	self := curg
	t := &self.task
	sp := stackPointer()
	on, outer := sp, schedulerStack
	if sp < stackBase {
		if on = outer; on-stackBase < 1024 {
			throw("too many goroutines wait in deferred calls of panics")
		}
		t.reserve(sp)
		memmove(t.saved, unsafe.Pointer(sp), t.size)
	}
	activations := pinned
	pinned = 0
	t.nested = true
	runNested(on)
	t.nested = false
	pinned = activations
	if t.size != 0 {
		t.restore()
	}
	schedulerStack = outer
	curg = self
}

// stackBounds: the stack in linear memory comes first, and below it there is nothing.
func stackBounds() (end, size uintptr) { return 0, stackTop() }
