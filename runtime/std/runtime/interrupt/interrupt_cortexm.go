//go:build cortexm

package interrupt

import "device/arm"

// Enable lets the interrupt happen.
func (irq Interrupt) Enable() { arm.EnableIRQ(uint32(irq.num)) }

// Disable keeps the interrupt from happening.
func (irq Interrupt) Disable() { arm.DisableIRQ(uint32(irq.num)) }

// SetPriority sets the priority: 0 is the most urgent; chips implement only the upper bits.
func (irq Interrupt) SetPriority(priority uint8) { arm.SetPriority(uint32(irq.num), uint32(priority)) }

// Disable turns off all interrupts and returns what Restore needs.
func Disable() State { return State(arm.DisableInterrupts()) }

// Restore turns interrupts on again if they were on when Disable was called.
func Restore(state State) { arm.EnableInterrupts(uintptr(state)) }

// In tells whether an interrupt handler is running (Armv6-M ARM, B3.2.4: ICSR.VECTACTIVE).
func In() bool { return arm.SCB.ICSR.Get()&0x1FF != 0 }
