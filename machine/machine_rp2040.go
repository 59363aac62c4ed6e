//go:build rp2040

package machine

import (
	"device/rp"
	"runtime/interrupt"
	"runtime/volatile"
	"unsafe"
)

const (
	PinOutput PinMode = iota
	PinInput
	PinInputPulldown
	PinInputPullup
	PinAnalog
	PinUART
	PinPWM
	PinI2C
	PinSPI
	PinPIO0
	PinPIO1
)

// Functions of the pins (RP2040 data sheet, 2.19.2).
const (
	funcSPI  = 1
	funcUART = 2
	funcI2C  = 3
	funcPWM  = 4
	funcSIO  = 5
	funcPIO0 = 6
	funcPIO1 = 7
	funcNone = 31
)

// CPUFrequency is the frequency of the clock in hertz.
func CPUFrequency() uint32 { return boardClock }

type ioPin struct {
	status volatile.Register32
	ctrl   volatile.Register32
}

// The registers of a pin, by its number (2.19.6): function and interrupts, pad.
func (p Pin) io() *ioPin {
	return (*ioPin)(unsafe.Add(unsafe.Pointer(rp.IO_BANK0), uintptr(p)*8))
}

func (p Pin) pad() *volatile.Register32 {
	return (*volatile.Register32)(unsafe.Add(unsafe.Pointer(rp.PADS_BANK0), 4+uintptr(p)*4))
}

// Bits of a pad (2.19.6.3).
const (
	padPullDown    = 1 << 2
	padPullUp      = 1 << 3
	padInputEnable = 1 << 6
	padOutputOff   = 1 << 7
	padDrive4mA    = 1 << 4
	padSchmitt     = 1 << 1
)

// Configure sets the direction, the pull resistor and the function of the pin.
func (p Pin) Configure(config PinConfig) {
	pad := uint32(padInputEnable | padDrive4mA | padSchmitt)
	function := uint32(funcSIO)
	rp.SIO.GPIO_OE_CLR.Set(1 << p)
	switch config.Mode {
	case PinInputPulldown:
		pad |= padPullDown
	case PinInputPullup:
		pad |= padPullUp
	case PinAnalog:
		pad = padOutputOff
		function = funcNone
	case PinUART:
		function = funcUART
	case PinPWM:
		function = funcPWM
	case PinI2C:
		pad |= padPullUp
		function = funcI2C
	case PinSPI:
		function = funcSPI
	case PinPIO0:
		function = funcPIO0
	case PinPIO1:
		function = funcPIO1
	case PinOutput:
		rp.SIO.GPIO_OUT_CLR.Set(1 << p)
		rp.SIO.GPIO_OE_SET.Set(1 << p)
	}
	p.pad().Set(pad)
	p.io().ctrl.Set(function)
}

// Set sets the level of an output.
func (p Pin) Set(value bool) {
	if value {
		rp.SIO.GPIO_OUT_SET.Set(1 << p)
	} else {
		rp.SIO.GPIO_OUT_CLR.Set(1 << p)
	}
}

// Get reads the level of a pin.
func (p Pin) Get() bool { return rp.SIO.GPIO_IN.Get()>>p&1 != 0 }

// PortMaskSet returns the register and the value that set the pin.
func (p Pin) PortMaskSet() (*uint32, uint32) { return &rp.SIO.GPIO_OUT_SET.Reg, 1 << p }

// PortMaskClear returns the register and the value that clear the pin.
func (p Pin) PortMaskClear() (*uint32, uint32) { return &rp.SIO.GPIO_OUT_CLR.Reg, 1 << p }

// Edges for SetInterrupt: bits of a pin in the interrupt registers (2.19.6.1).
const (
	PinLevelLow  PinChange = 1
	PinLevelHigh PinChange = 2
	PinFalling   PinChange = 4
	PinRising    PinChange = 8
	PinToggle    PinChange = PinFalling | PinRising
)

var pinCallbacks [30]func(Pin)

// The interrupt registers of the pins, eight to a register: raw (INTR), and enable (PROC0_INTE).
func intr(p Pin) *volatile.Register32 {
	return (*volatile.Register32)(unsafe.Add(unsafe.Pointer(rp.IO_BANK0), 0xF0+uintptr(p/8)*4))
}

func inte(p Pin) *volatile.Register32 {
	return (*volatile.Register32)(unsafe.Add(unsafe.Pointer(rp.IO_BANK0), 0x100+uintptr(p/8)*4))
}

// SetInterrupt calls callback, in an interrupt, when the level of the pin changes as change says; 0 turns it off.
func (p Pin) SetInterrupt(change PinChange, callback func(Pin)) error {
	if p >= 30 {
		return ErrInvalidInputPin
	}
	shift := uint8(p % 8 * 4)
	inte(p).ReplaceBits(0, 15, shift)
	pinCallbacks[p] = callback
	if change == 0 {
		return nil
	}
	intr(p).Set(uint32(change) << shift)
	inte(p).ReplaceBits(uint32(change), 15, shift)
	interrupt.New(rp.IRQ_IO_IRQ_BANK0, func(interrupt.Interrupt) {
		for first := Pin(0); first < 30; first += 8 {
			hit := intr(first).Get() & inte(first).Get()
			intr(first).Set(hit)
			for p := first; hit != 0; p++ {
				if hit&15 != 0 {
					pinCallbacks[p](p)
				}
				hit >>= 4
			}
		}
	}).Enable()
	return nil
}

// UART is a PL011 (RP2040 data sheet, 4.2).
type UART struct {
	Buffer *RingBuffer
}

var (
	uart0Buffer RingBuffer
	_UART0      = UART{Buffer: &uart0Buffer}
	UART0       = &_UART0
)

// Configure sets the pins and the speed; receiving goes through a buffer of 128 bytes.
func (uart *UART) Configure(config UARTConfig) error {
	if config.BaudRate == 0 {
		config.BaudRate = boardBaud
	}
	if config.TX == 0 && config.RX == 0 {
		config.TX, config.RX = UART_TX_PIN, UART_RX_PIN
	}
	uart.enable(config.BaudRate, config.TX)
	config.RX.Configure(PinConfig{Mode: PinUART})
	rp.UART0.UARTIMSC.Set(1 << 4)
	interrupt.New(rp.IRQ_UART0_IRQ, func(interrupt.Interrupt) {
		for !rp.UART0.UARTFR.HasBits(1 << 4) {
			uart0Buffer.Put(byte(rp.UART0.UARTDR.Get()))
		}
		rp.UART0.UARTICR.Set(1 << 4)
	}).Enable()
	return nil
}

// initOutput prepares the UART for sending alone.
func (uart *UART) initOutput() {
	if rp.RESETS.RESET.HasBits(rp.RESETS_RESET_UART0) {
		uart.enable(boardBaud, UART_TX_PIN)
	}
}

func (uart *UART) enable(rate uint32, tx Pin) {
	unreset(rp.RESETS_RESET_UART0)
	uart.SetBaudRate(rate)
	rp.UART0.UARTLCR_H.Set(3 << 5) // 8 bits, no FIFO: every byte interrupts
	rp.UART0.UARTCR.Set(1<<9 | 1<<8 | 1)
	tx.Configure(PinConfig{Mode: PinUART})
}

// SetBaudRate sets the speed: the divisor has 6 bits behind the point (4.2.7.1).
func (uart *UART) SetBaudRate(rate uint32) {
	divisor := (8*boardClock/rate + 1) / 2
	rp.UART0.UARTIBRD.Set(divisor >> 6)
	rp.UART0.UARTFBRD.Set(divisor & 63)
}

func (uart *UART) writeByte(c byte) {
	for rp.UART0.UARTFR.HasBits(1 << 5) {
	}
	rp.UART0.UARTDR.Set(uint32(c))
}

// unreset takes peripherals out of reset and waits until they are ready (2.14).
func unreset(bits uint32) {
	rp.RESETS.RESET.ClearBits(bits)
	for rp.RESETS.RESET_DONE.Get()&bits != bits {
	}
}
