//go:build atmega328p

package machine

import (
	"device/avr"
	"runtime/interrupt"
	"runtime/volatile"
)

const irqUART0Receive = avr.IRQ_USART_RX

// registers are those of the pin's port: input, direction, output; and its bit. Ports B, C and D have 8 numbers each.
//
//go:inline
func (p Pin) registers() (pin, direction, port *volatile.Register8, mask uint8) {
	mask = 1 << (p & 7)
	switch p >> 3 {
	case 0:
		return avr.PINB, avr.DDRB, avr.PORTB, mask
	case 1:
		return avr.PINC, avr.DDRC, avr.PORTC, mask
	default:
		return avr.PIND, avr.DDRD, avr.PORTD, mask
	}
}

// Edges for SetInterrupt.
const (
	PinRising PinChange = 1 << iota
	PinFalling
	PinToggle = PinRising | PinFalling
)

// What the pin change interrupts of a port need to know.
type pinChanges struct {
	last      uint8
	rising    uint8
	falling   uint8
	callbacks [8]func(Pin)
}

var changes [3]pinChanges

// SetInterrupt calls callback, in an interrupt, when the level of the pin changes as pinChange says; 0 turns it off. All
// pins have it, through the pin change interrupts (DS40002061, 13.1).
func (p Pin) SetInterrupt(pinChange PinChange, callback func(Pin)) error {
	port := p >> 3
	if port > 2 {
		return ErrInvalidInputPin
	}
	pin, _, _, mask := p.registers()
	c := &changes[port]
	state := interrupt.Disable()
	c.callbacks[p&7] = callback
	c.rising &^= mask
	c.falling &^= mask
	if pinChange&PinRising != 0 {
		c.rising |= mask
	}
	if pinChange&PinFalling != 0 {
		c.falling |= mask
	}
	c.last = pin.Get()
	enable := avr.PCMSK0
	switch port {
	case 0:
		interrupt.New(avr.IRQ_PCINT0, func(interrupt.Interrupt) { changes[0].handle(0, avr.PINB.Get()) })
	case 1:
		interrupt.New(avr.IRQ_PCINT1, func(interrupt.Interrupt) { changes[1].handle(8, avr.PINC.Get()) })
		enable = avr.PCMSK1
	case 2:
		interrupt.New(avr.IRQ_PCINT2, func(interrupt.Interrupt) { changes[2].handle(16, avr.PIND.Get()) })
		enable = avr.PCMSK2
	}
	if pinChange&PinToggle != 0 {
		enable.SetBits(mask)
		avr.PCICR.SetBits(1 << port)
	} else {
		enable.ClearBits(mask)
	}
	interrupt.Restore(state)
	if pinChange&PinToggle != 0 {
		avr.Asm("sei")
	}
	return nil
}

func (c *pinChanges) handle(first Pin, now uint8) {
	hit := now&^c.last&c.rising | c.last&^now&c.falling
	c.last = now
	for i := Pin(0); hit != 0; i++ {
		if hit&1 != 0 {
			c.callbacks[i](first + i)
		}
		hit >>= 1
	}
}
