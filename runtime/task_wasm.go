//go:build tinygo.wasm

package runtime

// On WebAssembly every goroutine but the first needs the lowering of functions that may block; until the compiler has
// it, a go statement is a compile error there.
type task struct{}

func (t *task) init(fn func()) {}
func (t *task) swap(to *task)  {}
func (t *task) check()         {}
func (t *task) scan()          {}

// The compiler spills pointers that live across calls to the stack in linear memory, so there are no registers to scan.
func scanCurrentStack() { scanRange(stackPointer(), stackTop()) }
