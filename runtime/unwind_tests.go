//go:build tinygo.wasm || avr

package runtime

// deferFrame is an activation of a function that defers. The compiler makes room for it on the stack, links it at
// the entry (deferEnter) and runs it down at the exit (deferReturn).
type deferFrame struct {
	parent *deferFrame
	head   *deferRecord
}

// unwinding is the activation to return to, set while a recovered panic takes the stack down: after each call that may
// have panicked, compiled code looks here and returns at once if it is not nil.
var unwinding *deferFrame

func isUnwinding() bool { return unwinding != nil }

// goOn ends a panic that was recovered: all functions up to the one that deferred return.
func goOn(f *deferFrame) { unwinding = f }
