//go:build cortexm && (nrf51 || rp2040)

package runtime

// exit stops the chip; in an emulator it ends the emulation.
func exit(code int) {
	if emulated {
		semihostingExit(code)
	}
	for {
		waitForInterrupt()
	}
}
