package runtime

// A function in each cycle of calls compares the stack pointer with stackLimit at its entry, and calls stackCheck when
// it is lower.

// stackLimit is where the reserve of the running stack begins; the highest address means that nobody has asked yet.
var stackLimit = stackUnknown

const stackUnknown = ^uintptr(0)

// stackChecks keeps stackCheck alive until the compiler knows whether the program recurses.
//
//go:calls runtime.stackCheck
//export runtime_stackChecks
func stackChecks()

// stackCheck finds out the limit, or stops the program.
//
//go:callback
//go:cold
//go:noinline
//export runtime_stackCheck
func stackCheck() {
	// Without optimisation this may allocate, which is checked itself.
	stackLimit = 0
	end, size := stackBounds()
	// For calls without recursion, and for printing the message.
	reserve := size / 4
	if reserve > 512 {
		reserve = size / 8
		if reserve < 512 {
			reserve = 512
		}
		if reserve > 16<<10 {
			reserve = 16 << 10
		}
	}
	if stackPointer() >= end+reserve {
		stackLimit = end + reserve
		if shallow := curg.task.shallowEnd(stackPointer()); shallow > stackLimit {
			stackLimit = shallow
		}
		return
	}
	printstring("runtime: goroutine stack exceeds ")
	printuint32(uint32(size))
	printstring("-byte limit\n")
	throw("stack overflow")
}
