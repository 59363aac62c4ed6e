//go:build cortexm

package runtime

import (
	"device/arm"
	"unsafe"
)

// contextWords is the size of a context in asm_cortexm.S, in words.
const contextWords = 10

func waitForInterrupt() { arm.Asm("wfi") }

func disableInterrupts() uintptr      { return arm.DisableInterrupts() }
func restoreInterrupts(state uintptr) { arm.EnableInterrupts(state) }

// semihosting asks the debugger or emulator for a service (Arm semihosting for AArch32, version 2).
//
//export runtime_semihosting
func semihosting(operation uintptr, argument unsafe.Pointer) uintptr

// semihostingExit ends the emulation with an exit status: SYS_EXIT_EXTENDED, ADP_Stopped_ApplicationExit.
func semihostingExit(code int) {
	exitBlock = [2]uintptr{0x20026, uintptr(code)}
	semihosting(0x20, unsafe.Pointer(&exitBlock))
}

// A variable, as assembly that gets its address might keep it.
var exitBlock [2]uintptr
