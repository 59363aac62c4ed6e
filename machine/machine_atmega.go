//go:build atmega

package machine

import (
	"device/avr"
	"runtime/interrupt"
	"runtime/volatile"
)

const (
	PinInput PinMode = iota
	PinInputPullup
	PinOutput
)

// CPUFrequency is the frequency of the clock in hertz.
func CPUFrequency() uint32 { return boardClock }

// Configure sets the direction of the pin.
func (p Pin) Configure(config PinConfig) {
	_, direction, port, mask := p.registers()
	switch config.Mode {
	case PinOutput:
		direction.SetBits(mask)
	case PinInputPullup:
		direction.ClearBits(mask)
		port.SetBits(mask)
	case PinInput:
		direction.ClearBits(mask)
		port.ClearBits(mask)
	}
}

// Set sets the level of an output.
func (p Pin) Set(value bool) {
	_, _, port, mask := p.registers()
	if value {
		port.SetBits(mask)
	} else {
		port.ClearBits(mask)
	}
}

// Get reads the level of a pin.
func (p Pin) Get() bool {
	pin, _, _, mask := p.registers()
	return pin.Get()&mask != 0
}

// PortMaskSet returns the register and the value that set the pin, for code that must be fast. Other pins of the port
// must not change meanwhile.
func (p Pin) PortMaskSet() (*volatile.Register8, uint8) {
	_, _, port, mask := p.registers()
	return port, port.Get() | mask
}

// PortMaskClear returns the register and the value that clear the pin.
func (p Pin) PortMaskClear() (*volatile.Register8, uint8) {
	_, _, port, mask := p.registers()
	return port, port.Get() &^ mask
}

// UART is a USART in asynchronous mode (DS40002061, chapter 19).
type UART struct {
	Buffer *RingBuffer
}

// UART0 is on the pins that the board's USB port is connected to.
var (
	uart0Buffer RingBuffer
	_UART0      = UART{Buffer: &uart0Buffer}
	UART0       = &_UART0
)

// Configure sets the speed; receiving goes through a buffer of 32 bytes.
func (uart *UART) Configure(config UARTConfig) {
	if config.BaudRate == 0 {
		config.BaudRate = boardBaud
	}
	setBaudRate(config.BaudRate)
	interrupt.New(irqUART0Receive, func(interrupt.Interrupt) {
		uart0Buffer.Put(avr.UDR0.Get())
	})
	avr.UCSR0B.Set(avr.UCSR0B_RXEN0 | avr.UCSR0B_TXEN0 | avr.UCSR0B_RXCIE0)
	avr.Asm("sei")
}

// initOutput prepares the UART for sending alone.
func (uart *UART) initOutput() {
	if avr.UCSR0B.Get() == 0 {
		setBaudRate(boardBaud)
		avr.UCSR0B.Set(avr.UCSR0B_TXEN0)
	}
}

// setBaudRate chooses double speed, which has the smaller error at the usual rates, and the nearest divisor (19.3.1).
func setBaudRate(rate uint32) {
	divisor := (boardClock/4/rate+1)/2 - 1
	avr.UBRR0H.Set(uint8(divisor >> 8))
	avr.UBRR0L.Set(uint8(divisor))
	avr.UCSR0A.Set(avr.UCSR0A_U2X0)
}

func (uart *UART) writeByte(c byte) {
	for !avr.UCSR0A.HasBits(avr.UCSR0A_UDRE0) {
	}
	avr.UDR0.Set(c)
}
