//go:build !baremetal || tinygo.wasm

package interrupt

// Enable does nothing: there are no interrupts here.
func (irq Interrupt) Enable() {}

// Disable does nothing: there are no interrupts here.
func Disable() State { return 0 }

// Restore does nothing: there are no interrupts here.
func Restore(state State) {}

// In is always false: there are no interrupts here.
func In() bool { return false }
