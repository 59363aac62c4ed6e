// Button: a pin change interrupt, counted by the main program.
package main

import (
	"machine"
	"runtime/volatile"
	"time"
)

var presses volatile.Register8

func main() {
	button.Configure(machine.PinConfig{Mode: machine.PinInputPullup})
	button.SetInterrupt(machine.PinFalling, func(machine.Pin) {
		presses.Set(presses.Get() + 1)
	})
	last := uint8(0)
	for {
		if n := presses.Get(); n != last {
			last = n
			println("pressed", n)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
