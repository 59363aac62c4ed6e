//go:build rp2040

package runtime

import "device/rp"

// RP2040: the crystal, the system clock at 125 MHz from its PLL, and the microsecond timer (RP2040 data sheet, 2.15 to
// 2.18 and 4.6).

func initPort() {
	// The oscillator of 12 MHz: range 1 to 15 MHz, start-up time in units of 256 cycles (2.16.3).
	rp.XOSC.CTRL.Set(0xAA0)
	rp.XOSC.STARTUP.Set(47)
	rp.XOSC.CTRL.Set(0xFAB<<12 | 0xAA0)
	for rp.XOSC.STATUS.Get()>>31 == 0 {
	}
	// Reference clock: the crystal (2.15.7).
	rp.CLOCKS.CLK_REF_CTRL.Set(2)
	// The PLL: 12 MHz * 125 = 1500 MHz, divided by 6 and 2 (2.18.2.1).
	unreset(1 << 12)
	rp.PLL_SYS.CS.Set(1)
	rp.PLL_SYS.FBDIV_INT.Set(125)
	rp.PLL_SYS.PWR.Set(1<<2 | 1<<3) // main and VCO on
	for rp.PLL_SYS.CS.Get()>>31 == 0 {
	}
	rp.PLL_SYS.PRIM.Set(6<<16 | 2<<12)
	rp.PLL_SYS.PWR.Set(1 << 2)
	// System clock: the PLL; the peripherals follow it.
	rp.CLOCKS.CLK_SYS_CTRL.Set(1)
	rp.CLOCKS.CLK_PERI_CTRL.Set(1 << 11)
	// A tick of the timer every 12 cycles of the crystal (4.7.2).
	rp.WATCHDOG.TICK.Set(1<<9 | 12)
	// Pins and timer.
	unreset(1<<5 | 1<<8 | 1<<21)
}

// unreset takes peripherals out of reset and waits until they are ready (2.14).
func unreset(bits uint32) {
	rp.RESETS.RESET.ClearBits(bits)
	for rp.RESETS.RESET_DONE.Get()&bits != bits {
	}
}

// A tick is a microsecond (4.6.2).
func ticks() int64 {
	for {
		high := rp.TIMER.TIMERAWH.Get()
		low := rp.TIMER.TIMERAWL.Get()
		if rp.TIMER.TIMERAWH.Get() == high {
			return int64(high)<<32 | int64(low)
		}
	}
}

func ticksToNanoseconds(t int64) int64  { return t * 1000 }
func nanosecondsToTicks(ns int64) int64 { return ns / 1000 }
