//go:build virt && qemu

package runtime

import (
	"runtime/volatile"
	"unsafe"
)

// QEMU's RISC-V "virt" machine: a 16550 UART, the CLINT's clock, the test device to end with an exit status.

const interruptsWake = false
const spinsYield = false

var (
	uartData   = (*volatile.Register8)(unsafe.Pointer(uintptr(0x10000000)))
	testFinish = (*volatile.Register32)(unsafe.Pointer(uintptr(0x00100000)))
	mtimeLow   = (*volatile.Register32)(unsafe.Pointer(uintptr(0x0200BFF8)))
	mtimeHigh  = (*volatile.Register32)(unsafe.Pointer(uintptr(0x0200BFFC)))
)

func initPort() {}

func putchar(c byte) {
	if c == '\n' {
		uartData.Set('\r')
	}
	uartData.Set(c)
}

func exit(code int) {
	if code == 0 {
		testFinish.Set(0x5555)
	} else {
		testFinish.Set(uint32(code)<<16 | 0x3333)
	}
	for {
		waitForInterrupt()
	}
}

// A tick is 100 ns: the timebase of the machine is 10 MHz.
func ticks() int64 {
	for {
		high := mtimeHigh.Get()
		low := mtimeLow.Get()
		if mtimeHigh.Get() == high {
			return int64(high)<<32 | int64(low)
		}
	}
}

func ticksToNanoseconds(t int64) int64  { return t * 100 }
func nanosecondsToTicks(ns int64) int64 { return ns / 100 }
