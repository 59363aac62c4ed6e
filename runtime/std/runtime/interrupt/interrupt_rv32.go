//go:build tinygo.riscv

package interrupt

import "device/riscv"

// Disable turns off all interrupts and returns what Restore needs.
func Disable() State { return State(riscv.DisableInterrupts()) }

// Restore turns interrupts on again if they were on when Disable was called.
func Restore(state State) { riscv.EnableInterrupts(uintptr(state)) }
