//go:build atmega || nrf51 || rp2040 || fe310

package runtime

// On boards, print goes where package machine sends it.
//
//go:linkname machinePutchar runtime.machinePutchar
func machinePutchar(c byte)

func putchar(c byte) {
	if c == '\n' {
		machinePutchar('\r')
	}
	machinePutchar(c)
}

// Any goroutine may wait for an interrupt handler to wake it.
const interruptsWake = true
const spinsYield = false
