//go:build lm3s6965

package runtime

import (
	"runtime/volatile"
	"unsafe"
)

// The Stellaris board that QEMU emulates (LM3S6965 data sheet): a PL011 UART for output, SysTick for time.

const interruptsWake = false
const spinsYield = false

var uartData = (*volatile.Register32)(unsafe.Pointer(uintptr(0x4000C000)))

func putchar(c byte) {
	if c == '\n' {
		uartData.Set('\r')
	}
	uartData.Set(uint32(c))
}

func exit(code int) {
	semihostingExit(code)
	for {
		waitForInterrupt()
	}
}

// SysTick counts down 24 bits at 12 MHz, the clock that the board starts with; an interrupt-free extension needs a look
// at it every 1.4 s, which sleepTicks takes care of.
var (
	systControl = (*volatile.Register32)(unsafe.Pointer(uintptr(0xE000E010)))
	systReload  = (*volatile.Register32)(unsafe.Pointer(uintptr(0xE000E014)))
	systCurrent = (*volatile.Register32)(unsafe.Pointer(uintptr(0xE000E018)))

	systElapsed int64
	systLast    uint32
	systOn      bool
)

const clock = 12_000_000

func initPort() {}

// A tick is a clock cycle.
func ticks() int64 {
	if !systOn {
		systOn = true
		systReload.Set(0xFFFFFF)
		systCurrent.Set(0)
		systControl.Set(5) // processor clock, enabled, no interrupt
		systLast = systCurrent.Get()
	}
	now := systCurrent.Get()
	systElapsed += int64((systLast - now) & 0xFFFFFF)
	systLast = now
	return systElapsed
}

func ticksToNanoseconds(t int64) int64  { return t * 250 / 3 }
func nanosecondsToTicks(ns int64) int64 { return ns * 3 / 250 }
