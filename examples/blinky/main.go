// Blinky: the LED of the board goes on and off, half a second each, and the serial port tells.
package main

import (
	"machine"
	"time"
)

func main() {
	led := machine.LED
	led.Configure(machine.PinConfig{Mode: machine.PinOutput})
	for {
		led.Low()
		time.Sleep(500 * time.Millisecond)
		led.High()
		println("on")
		time.Sleep(500 * time.Millisecond)
	}
}
