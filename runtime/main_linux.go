//go:build linux && !amd64 && !baremetal && !wasip2 && !wasm_unknown

package runtime

// The first goroutine has a stack of our own: how far the kernel's may grow is not known under an emulator.

// mainStackSize is address space: what is not touched is no memory.
const mainStackSize = 1 << (23 + 4*(wordBytes/8))

var mainStack uintptr // its low end

//export runtime_start
func start(sp uintptr) {
	initialStack = sp
	mainStack = syscall6(sysMmap, 0, mainStackSize, protReadWrite, mapFlags, ^uintptr(0), 0)
	if mainStack > ^uintptr(4095) {
		outOfMemory()
	}
	continueOn(mainStack + mainStackSize)
}

// continueOn goes on with startMain on another stack, of which this is the high end.
//
//go:calls runtime.startMain
//export runtime_continueOn
func continueOn(top uintptr)

//go:callback
//export runtime_startMain
func startMain() {
	run()
	exit(0)
}

func stackTop() uintptr { return mainStack + mainStackSize }

// mainStackEnd is how far the stack of the first goroutine may grow.
func mainStackEnd() uintptr { return mainStack }
