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

	data, control, status *volatile.Register8
	rateHigh, rateLow     *volatile.Register8
	receive               func()
}

// UART0 is on the pins that the board's USB port is connected to.
var (
	uart0Buffer RingBuffer
	_UART0      = UART{
		Buffer:   &uart0Buffer,
		data:     avr.UDR0,
		control:  avr.UCSR0B,
		status:   avr.UCSR0A,
		rateHigh: avr.UBRR0H,
		rateLow:  avr.UBRR0L,
		receive:  uart0EnableReceive,
	}
	UART0 = &_UART0
)

// Configure sets the speed; receiving goes through a buffer of 32 bytes.
func (uart *UART) Configure(config UARTConfig) {
	if config.BaudRate == 0 {
		config.BaudRate = boardBaud
	}
	// Double speed has the smaller error at the usual rates; rounded to the nearest divisor (19.3.1).
	divisor := (boardClock/4/config.BaudRate+1)/2 - 1
	uart.rateHigh.Set(uint8(divisor >> 8))
	uart.rateLow.Set(uint8(divisor))
	uart.status.Set(avr.UCSR0A_U2X0)
	uart.receive()
	uart.control.Set(avr.UCSR0B_RXEN0 | avr.UCSR0B_TXEN0 | avr.UCSR0B_RXCIE0)
}

func uart0EnableReceive() {
	interrupt.New(irqUART0Receive, func(interrupt.Interrupt) {
		c := avr.UDR0.Get()
		uart0Buffer.Put(c)
	})
	avr.Asm("sei")
}

func (uart *UART) writeByte(c byte) {
	for !uart.status.HasBits(avr.UCSR0A_UDRE0) {
	}
	uart.data.Set(c)
}
