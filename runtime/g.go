// Package runtime is what compiled programs stand on: memory, panics, goroutines, strings, maps, channels.
//
// It replaces Go's own package runtime. src/ir/contract.rs in the compiler lists the functions that compiled code
// calls; a port (port_*.go and asm_*.S) supplies start-up, time, output, exit and the stack switch of one machine.
package runtime

import "unsafe"

// g is a goroutine. The first one lives in g0 and runs on the system stack.
type g struct {
	next    *g          // in a queue (run queue, channel, timer list)
	frames  *deferFrame // innermost activation that defers
	panics  *_panic     // innermost panic in progress
	id      uint32      // as Go prints it; the first is 1
	ready   bool        // of select: which case woke the goroutine is decided
	ok      bool        // result of a receive
	durable bool        // waits for its bubble only
	chosen  int32       // index of the case that woke a select
	elem    unsafe.Pointer
	wake    int64 // when to wake up, in ticks
	bubble  *bubble
	allNext *g    // of all but the first
	allPrev *g
	task    task // what the port needs to switch to the goroutine
}

var g0 g

// number is what traces call a goroutine: the first is 1.
func (n *g) number() uint32 { return n.id + 1 }

// curg is the running goroutine. In programs that start none it is never written, and the optimiser folds it away.
var curg = &g0

// Filled in by the compiler: what the program can do.
var (
	hasRecover    bool // calls recover somewhere
	hasDefers     bool // defers somewhere
	hasGoroutines bool // has a go statement somewhere
)

// initAll runs the initialisers of all packages; the compiler writes its body.
func initAll()

//go:linkname main_main main.main
func main_main()

// run is the program: every port ends its start-up with it.
func run() {
	stackChecks()
	if switchesByReturn && hasGoroutines {
		runFirst()
		return
	}
	main()
}

func main() {
	initAll()
	main_main()
}
