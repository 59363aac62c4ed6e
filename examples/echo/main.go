// Echo: what arrives at the serial port goes back.
package main

import "machine"

func main() {
	uart := machine.Serial
	uart.Configure(machine.UARTConfig{})
	for {
		if c, err := uart.ReadByte(); err == nil {
			uart.WriteByte(c)
		}
	}
}
