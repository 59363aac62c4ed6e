//go:build fe310

package runtime

import "unsafe"

//export runtime_semihosting
func semihosting(operation uintptr, argument unsafe.Pointer) uintptr

// exit stops the chip; in an emulator it ends the emulation: semihosting SYS_EXIT_EXTENDED.
func exit(code int) {
	if emulated {
		exitBlock = [2]uintptr{0x20026, uintptr(code)}
		semihosting(0x20, unsafe.Pointer(&exitBlock))
	}
	for {
		waitForInterrupt()
	}
}

// A variable, as assembly that gets its address might keep it.
var exitBlock [2]uintptr
