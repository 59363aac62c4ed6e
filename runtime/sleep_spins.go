//go:build baremetal && !avr

package runtime

// sleepSpins: the processor looks at the clock until it is time. Where goroutines wait, the scheduler does so, as an
// interrupt may have one go on before.
const sleepSpins = true

func sleepTicks(t int64) {
	for end := ticks() + t; ticks() < end; {
	}
}
