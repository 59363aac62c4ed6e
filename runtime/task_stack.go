//go:build (scheduler.tasks || scheduler.cores) && !tinygo.wasm

package runtime

import "unsafe"

// task is a goroutine's own stack, in the heap.
type task struct {
	sp    uintptr // where swap left off
	stack unsafe.Pointer
	size  uintptr
	deep  bool // has used more than shallowStack
}

// canary is the lowest word of each stack: when it has changed, the stack was too small.
const canary uintptr = 0x5aa5

// stackSize is the size of a goroutine's stack in bytes; the compiler sets it (-stack-size).
var stackSize uintptr = 2048

// testStackSize is the same in a program of tests while it has few goroutines: those are tests, and tests within tests.
// 0 if all are alike.
var testStackSize uintptr

const fewGoroutines = 24

// newStack returns a stack pointer that swap can take: it starts runtime_startg(record) with an empty stack.
//
//go:calls runtime.startg
//export runtime_newStack
func newStack(top uintptr, record unsafe.Pointer) uintptr

// swapStack saves the registers on the running stack and its pointer in *from, and takes up the stack at to.
//
//export runtime_swapStack
func swapStack(from *uintptr, to uintptr)

// scanRegisters calls runtime_scanStack with a stack pointer below which all registers have been saved.
//
//go:calls runtime.scanStack
//export runtime_scanRegisters
func scanRegisters()

func (t *task) init(fn func()) {
	if dead != nil && dead != curg {
		dead.task.free()
		dead = nil
	}
	t.size = stackSize
	if testStackSize != 0 && goroutines <= fewGoroutines {
		t.size = testStackSize
	}
	t.stack = newStackMemory(t.size)
	if hasCanary {
		*(*uintptr)(t.stack) = canary
	}
	top := (uintptr(t.stack) + t.size) &^ 15
	if !hasCanary {
		// The registers that the goroutine begins with. It saves them for as long as it lives: what the last one left
		// there would keep objects alive.
		memzero(unsafe.Pointer(top-32*wordSize), 32*wordSize)
	}
	t.sp = newStack(top, *(*unsafe.Pointer)(unsafe.Pointer(&fn)))
}

func (t *task) swap(to *task) {
	stackLimit = stackUnknown
	swapStack(&t.sp, to.sp)
}

// end is called on the stack itself, so that another goroutine has to free it.
func (t *task) end() {
	if dead != nil {
		dead.task.free()
	}
	dead = curg
}

// dead is a goroutine that has ended, with a stack that can be freed once another one runs.
var dead *g

func (t *task) free() {
	if t.stack != nil {
		freeStackMemory(t.stack, t.size, t.deep)
		t.stack = nil
	}
}

func stackBounds() (end, size uintptr) {
	if stack := curg.task.stack; stack != nil {
		return uintptr(stack), curg.task.size
	}
	end = mainStackEnd()
	return end, stackTop() - end
}

// shallowEnd is where the stack will have used so much that the rest of it should not stay in memory: 0 if it has.
func (t *task) shallowEnd(sp uintptr) uintptr {
	const slack = 4096 // for calls without recursion
	if t.stack == nil || t.deep || t.size < shallowStack {
		return 0
	}
	end := uintptr(t.stack) + t.size - shallowStack + slack
	if sp < end {
		t.deep = true
		return 0
	}
	return end
}

func pin()   {}
func unpin() {}

const switchesByReturn = false

func park(why string) {}
func runFirst()       {}

func (t *task) check() {
	if self := &curg.task; hasCanary && self.stack != nil && *(*uintptr)(self.stack) != canary {
		throw("stack overflow")
	}
}

func (t *task) scan() {
	if t.stack == nil {
		scanRange(t.sp, stackTop())
	} else {
		scanRange(t.sp, uintptr(t.stack)+t.size)
	}
}

// startg is where a new goroutine begins, on its own stack.
//
//go:callback
//export runtime_startg
func startg(record unsafe.Pointer) {
	fn := *(*func())(unsafe.Pointer(&record))
	fn()
	exitg()
}

func scanCurrentStack() { scanRegisters() }

//go:callback
//export runtime_scanStack
func scanStack(sp uintptr) {
	top := stackTop()
	if stack := curg.task.stack; stack != nil {
		top = uintptr(stack) + curg.task.size
	}
	scanRange(sp, top)
}
