//go:build tinygo.riscv

package runtime

import "device/riscv"

func waitForInterrupt() { riscv.Asm("wfi") }

func disableInterrupts() uintptr      { return riscv.DisableInterrupts() }
func restoreInterrupts(state uintptr) { riscv.EnableInterrupts(state) }
