//go:build avr

package runtime

import (
	"device/avr"
	"runtime/interrupt"
	"runtime/volatile"
	"unsafe"
)

// Classic AVR. Time comes from timer 0, which counts every 64th clock cycle (DS40002061, chapter 15).

func disableInterrupts() uintptr      { return uintptr(avr.DisableInterrupts()) }
func restoreInterrupts(state uintptr) { avr.RestoreInterrupts(uint8(state)) }

func waitForInterrupt() {
	avr.SMCR.Set(1) // sleep enable, idle
	avr.Asm("sei")
	avr.Asm("sleep")
}

func initPort() {}

// exit stops the chip. The emulator's bench takes a sleep without interrupts as the end, and GPIOR0 as the status.
func exit(code int) {
	avr.GPIOR0.Set(uint8(code))
	for {
		avr.SMCR.Set(1)
		avr.Asm("cli")
		avr.Asm("sleep")
	}
}

// All boards so far run at 16 MHz: a tick is 4 microseconds.
const nanosecondsPerTick = 64_000 / 16

func ticksToNanoseconds(t int64) int64  { return t * nanosecondsPerTick }
func nanosecondsToTicks(ns int64) int64 { return ns / nanosecondsPerTick }

const timerPrescaler64 = 3

// sleepTicks watches the timer's eight bits go by; interrupts may take up to a millisecond without loss.
func sleepTicks(t int64) {
	avr.TCCR0B.Set(timerPrescaler64)
	for ; t>>32 != 0; t -= 1 << 30 {
		watchTimer(1 << 30)
	}
	watchTimer(uint32(t))
}

func watchTimer(left uint32) {
	last := avr.TCNT0.Get()
	for {
		now := avr.TCNT0.Get()
		passed := uint32(now - last)
		if left < passed {
			return
		}
		left -= passed
		last = now
	}
}

// Once somebody asks for the time, an interrupt counts the timer's overflows.
var (
	timerOn   bool
	overflows uint32
)

func ticks() int64 {
	if !timerOn {
		timerOn = true
		avr.TCCR0B.Set(timerPrescaler64)
		interrupt.New(avr.IRQ_TIMER0_OVF, func(interrupt.Interrupt) { countOverflow() })
		avr.TIMSK0.SetBits(1)
		avr.Asm("sei")
	}
	state := interrupt.Disable()
	high := volatileLoad(&overflows)
	low := avr.TCNT0.Get()
	if avr.TIFR0.HasBits(1) && low < 128 {
		high++ // it has wrapped, and the interrupt is still to come
	}
	interrupt.Restore(state)
	return int64(high)<<8 | int64(low)
}

func countOverflow() { volatileStore(&overflows, volatileLoad(&overflows)+1) }

func volatileLoad(p *uint32) uint32 {
	return (*volatile.Register32)(unsafe.Pointer(p)).Get()
}

func volatileStore(p *uint32, v uint32) {
	(*volatile.Register32)(unsafe.Pointer(p)).Set(v)
}
