//go:build !tinygo.wasm && !avr

package runtime

// deferFrame is an activation of a function that defers. The compiler makes room for it on the stack, links it at
// the entry (deferEnter) and runs it down at the exit (deferReturn). Where no deferred function recovers, there is no room
// for a context.
type deferFrame struct {
	parent  *deferFrame
	head    *deferRecord
	context context
}

// context holds the registers that functions keep for their callers, the stack pointer, and where to go on.
type context [contextWords]uintptr

// saveContext saves the registers of a function that defers and returns 0. The compiler calls it behind deferEnter; what
// follows if it returns something else is deferReturn.
//
//export runtime_saveContext
func saveContext(c *context) uintptr

// resume takes up the registers of a function again: its saveContext returns for a second time, not 0.
//
//go:noreturn
//export runtime_resume
func resume(c *context)

func isUnwinding() bool { return false }

// goOn ends a panic that was recovered: the function that deferred goes on at its deferReturn.
func goOn(f *deferFrame) {
	unpin()
	resume(&f.context)
}
