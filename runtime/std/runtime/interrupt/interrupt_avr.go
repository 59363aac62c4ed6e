//go:build avr

package interrupt

import "device/avr"

// Enable does nothing here: each peripheral has enable bits of its own, and interrupts as a whole are on.
func (irq Interrupt) Enable() {}

// Disable turns off all interrupts and returns what Restore needs.
func Disable() (state State) {
	return State(avr.DisableInterrupts())
}

// Restore turns interrupts on again if they were on when Disable was called.
func Restore(state State) { avr.RestoreInterrupts(uint8(state)) }
