//go:build fe310

package runtime

import "device/sifive"

// FE310: time comes from the CLINT, which counts the 32,768 Hz of the low-frequency clock (FE310-G002 manual, chapter 9).
// The core runs from the 16 MHz crystal.

func initPort() {
	// The crystal instead of the ring oscillator, whose frequency is anybody's guess; no PLL (6.5, 6.6).
	sifive.PRCI.HFXOSCCFG.Set(1 << 30)
	for sifive.PRCI.HFXOSCCFG.Get()>>31 == 0 {
	}
	sifive.PRCI.PLLCFG.Set(1<<18 | 1<<17 | 1<<16)
	sifive.PRCI.HFROSCCFG.ClearBits(1 << 30)
}

// A tick is 1/32768 s.
func ticks() int64 {
	for {
		high := sifive.CLINT.MTIMEH.Get()
		low := sifive.CLINT.MTIME.Get()
		if sifive.CLINT.MTIMEH.Get() == high {
			return int64(high)<<32 | int64(low)
		}
	}
}

func ticksToNanoseconds(t int64) int64  { return t * 1953125 / 64 }
func nanosecondsToTicks(ns int64) int64 { return ns * 64 / 1953125 }
