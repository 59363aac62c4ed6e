//go:build tinygo.riscv

package runtime

import "device/riscv"

// contextWords is the size of a context in asm_riscv.S, in words.
const contextWords = 14

func waitForInterrupt() { riscv.Asm("wfi") }

func disableInterrupts() uintptr      { return riscv.DisableInterrupts() }
func restoreInterrupts(state uintptr) { riscv.EnableInterrupts(state) }
