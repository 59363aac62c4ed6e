//go:build atmega2560

package machine

import (
	"device/avr"
	"runtime/volatile"
)

const irqUART0Receive = avr.IRQ_USART0_RX

// registers are those of the pin's port: input, direction, output; and its bit. Ports A to L have 8 numbers each; there
// is no port I.
//
//go:inline
func (p Pin) registers() (pin, direction, port *volatile.Register8, mask uint8) {
	mask = 1 << (p & 7)
	switch p >> 3 {
	case 0:
		return avr.PINA, avr.DDRA, avr.PORTA, mask
	case 1:
		return avr.PINB, avr.DDRB, avr.PORTB, mask
	case 2:
		return avr.PINC, avr.DDRC, avr.PORTC, mask
	case 3:
		return avr.PIND, avr.DDRD, avr.PORTD, mask
	case 4:
		return avr.PINE, avr.DDRE, avr.PORTE, mask
	case 5:
		return avr.PINF, avr.DDRF, avr.PORTF, mask
	case 6:
		return avr.PING, avr.DDRG, avr.PORTG, mask
	case 7:
		return avr.PINH, avr.DDRH, avr.PORTH, mask
	case 8:
		return avr.PINJ, avr.DDRJ, avr.PORTJ, mask
	case 9:
		return avr.PINK, avr.DDRK, avr.PORTK, mask
	default:
		return avr.PINL, avr.DDRL, avr.PORTL, mask
	}
}
