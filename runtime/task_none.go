//go:build !scheduler.tasks && !scheduler.cores && !tinygo.wasm

package runtime

// Without a scheduler there is one goroutine, on the system stack.
type task struct{}

func (t *task) init(fn func()) {}
func (t *task) swap(to *task)  {}
func (t *task) check()         {}
func (t *task) scan()          {}
func (t *task) end()           {}

func (t *task) shallowEnd(sp uintptr) uintptr { return 0 }

func pin()   {}
func unpin() {}

const switchesByReturn = false

func park(why string) {}
func runFirst()       {}

// scanRegisters calls runtime_scanStack with a stack pointer below which all registers have been saved.
//
//go:calls runtime.scanStack
//export runtime_scanRegisters
func scanRegisters()

func scanCurrentStack() { scanRegisters() }

//go:callback
//export runtime_scanStack
func scanStack(sp uintptr) { scanRange(sp, stackTop()) }

func stackBounds() (end, size uintptr) {
	end = mainStackEnd()
	return end, stackTop() - end
}
