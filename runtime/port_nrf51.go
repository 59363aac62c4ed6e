//go:build nrf51

package runtime

import "device/nrf"

// nRF51: time comes from TIMER0 at 1 MHz with 32 bits; the 16 MHz crystal runs.

func initPort() {
	nrf.CLOCK.TASKS_HFCLKSTART.Set(1)
	nrf.TIMER0.BITMODE.Set(3)   // 32 bits
	nrf.TIMER0.PRESCALER.Set(4) // 16 MHz / 2^4
	nrf.TIMER0.TASKS_START.Set(1)
}

var (
	timerHigh int64
	timerLast uint32
)

// A tick is a microsecond. The upper bits count the wraps, which must not be farther apart than an hour: sleepTicks
// looks often enough.
func ticks() int64 {
	state := disableInterrupts()
	nrf.TIMER0.TASKS_CAPTURE[0].Set(1)
	now := nrf.TIMER0.CC[0].Get()
	if now < timerLast {
		timerHigh += 1 << 32
	}
	timerLast = now
	t := timerHigh | int64(now)
	restoreInterrupts(state)
	return t
}

func ticksToNanoseconds(t int64) int64  { return t * 1000 }
func nanosecondsToTicks(ns int64) int64 { return ns / 1000 }
