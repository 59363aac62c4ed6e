//go:build nrf51

package machine

import (
	"device/nrf"
	"runtime/interrupt"
)

// The pull resistors stand in bits 2 and 3, as in PIN_CNF (nRF51 reference manual 3.0, 14.2.7).
const (
	PinInput         PinMode = 0
	PinInputPulldown PinMode = 1
	PinInputPullup   PinMode = 3
	PinOutput        PinMode = 0x80
)

// CPUFrequency is the frequency of the clock in hertz.
func CPUFrequency() uint32 { return boardClock }

// Configure sets the direction and the pull resistor of the pin.
func (p Pin) Configure(config PinConfig) {
	if config.Mode == PinOutput {
		nrf.GPIO.PIN_CNF[p].Set(3) // output, input buffer disconnected
	} else {
		nrf.GPIO.PIN_CNF[p].Set(uint32(config.Mode) << 2)
	}
}

// Set sets the level of an output.
func (p Pin) Set(high bool) {
	if high {
		nrf.GPIO.OUTSET.Set(1 << p)
	} else {
		nrf.GPIO.OUTCLR.Set(1 << p)
	}
}

// Get reads the level of a pin.
func (p Pin) Get() bool { return nrf.GPIO.IN.Get()>>p&1 != 0 }

// PortMaskSet returns the register and the value that set the pin.
func (p Pin) PortMaskSet() (*uint32, uint32) { return &nrf.GPIO.OUTSET.Reg, 1 << p }

// PortMaskClear returns the register and the value that clear the pin.
func (p Pin) PortMaskClear() (*uint32, uint32) { return &nrf.GPIO.OUTCLR.Reg, 1 << p }

// Edges for SetInterrupt: the polarity of a GPIOTE channel (15.2).
const (
	PinRising  PinChange = 1
	PinFalling PinChange = 2
	PinToggle  PinChange = 3
)

var pinCallbacks [4]func(Pin)

// SetInterrupt calls callback, in an interrupt, when the level of the pin changes as change says; 0 turns it off. The
// chip has channels for four pins.
func (p Pin) SetInterrupt(change PinChange, callback func(Pin)) error {
	free := -1
	for i := range nrf.GPIOTE.CONFIG {
		config := nrf.GPIOTE.CONFIG[i].Get()
		if config&3 == 0 {
			if free < 0 {
				free = i
			}
		} else if Pin(config>>8&31) == p {
			free = i
			break
		}
	}
	if free < 0 {
		return ErrNoPinChangeChannel
	}
	nrf.GPIOTE.INTENCLR.Set(1 << uint(free))
	nrf.GPIOTE.EVENTS_IN[free].Set(0)
	if change == 0 {
		nrf.GPIOTE.CONFIG[free].Set(0)
		pinCallbacks[free] = nil
		return nil
	}
	pinCallbacks[free] = callback
	nrf.GPIOTE.CONFIG[free].Set(1 | uint32(p)<<8 | uint32(change)<<16)
	nrf.GPIOTE.INTENSET.Set(1 << uint(free))
	interrupt.New(nrf.IRQ_GPIOTE, func(interrupt.Interrupt) {
		for i := range nrf.GPIOTE.EVENTS_IN {
			if nrf.GPIOTE.EVENTS_IN[i].Get() != 0 {
				nrf.GPIOTE.EVENTS_IN[i].Set(0)
				pinCallbacks[i](Pin(nrf.GPIOTE.CONFIG[i].Get() >> 8 & 31))
			}
		}
	}).Enable()
	return nil
}

// UART is the UART peripheral (reference manual, chapter 29).
type UART struct {
	Buffer *RingBuffer
}

var (
	uart0Buffer RingBuffer
	_UART0      = UART{Buffer: &uart0Buffer}
	UART0       = &_UART0
)

// Configure sets the pins and the speed; receiving goes through a buffer of 128 bytes.
func (uart *UART) Configure(config UARTConfig) {
	if config.BaudRate == 0 {
		config.BaudRate = boardBaud
	}
	if config.TX == 0 && config.RX == 0 {
		config.TX, config.RX = UART_TX_PIN, UART_RX_PIN
	}
	uart.enableOutput(config.BaudRate, config.TX)
	nrf.UART0.PSELRXD.Set(uint32(config.RX))
	nrf.UART0.TASKS_STARTRX.Set(1)
	nrf.UART0.INTENSET.Set(1 << 2) // RXDRDY
	interrupt.New(nrf.IRQ_UART0, func(interrupt.Interrupt) {
		if nrf.UART0.EVENTS_RXDRDY.Get() != 0 {
			nrf.UART0.EVENTS_RXDRDY.Set(0)
			uart0Buffer.Put(byte(nrf.UART0.RXD.Get()))
		}
	}).Enable()
}

// initOutput prepares the UART for sending alone.
func (uart *UART) initOutput() {
	if nrf.UART0.ENABLE.Get() == 0 {
		uart.enableOutput(boardBaud, UART_TX_PIN)
	}
}

func (uart *UART) enableOutput(rate uint32, tx Pin) {
	uart.SetBaudRate(rate)
	nrf.UART0.PSELTXD.Set(uint32(tx))
	nrf.UART0.ENABLE.Set(4)
	nrf.UART0.TASKS_STARTTX.Set(1)
}

// SetBaudRate sets the speed: BAUDRATE is the rate times 2^32 / 16 MHz, in steps of 4096 (29.11.10).
func (uart *UART) SetBaudRate(rate uint32) {
	nrf.UART0.BAUDRATE.Set(uint32((uint64(rate)<<22/15625 + 0x800) &^ 0xFFF))
}

func (uart *UART) writeByte(c byte) {
	nrf.UART0.EVENTS_TXDRDY.Set(0)
	nrf.UART0.TXD.Set(uint32(c))
	for nrf.UART0.EVENTS_TXDRDY.Get() == 0 {
	}
}
