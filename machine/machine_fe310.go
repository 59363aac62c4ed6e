//go:build fe310

package machine

import "device/sifive"

const (
	PinInput PinMode = iota
	PinOutput
	PinPWM
	PinSPI
	PinI2C
	PinInputPullup
)

// CPUFrequency is the frequency of the clock in hertz.
func CPUFrequency() uint32 { return boardClock }

// Configure sets the direction and the function of the pin (FE310-G002 manual, chapter 17).
func (p Pin) Configure(config PinConfig) {
	mask := uint32(1) << p
	sifive.GPIO0.INPUT_EN.SetBits(mask)
	switch config.Mode {
	case PinOutput:
		sifive.GPIO0.IOF_EN.ClearBits(mask)
		sifive.GPIO0.OUTPUT_EN.SetBits(mask)
	case PinInput:
		sifive.GPIO0.IOF_EN.ClearBits(mask)
		sifive.GPIO0.OUTPUT_EN.ClearBits(mask)
	case PinInputPullup:
		sifive.GPIO0.IOF_EN.ClearBits(mask)
		sifive.GPIO0.OUTPUT_EN.ClearBits(mask)
		sifive.GPIO0.PULLUP.SetBits(mask)
	case PinPWM:
		sifive.GPIO0.IOF_EN.SetBits(mask)
		sifive.GPIO0.IOF_SEL.SetBits(mask)
	case PinSPI, PinI2C:
		sifive.GPIO0.IOF_EN.SetBits(mask)
		sifive.GPIO0.IOF_SEL.ClearBits(mask)
	}
}

// Set sets the level of an output.
func (p Pin) Set(high bool) {
	if high {
		sifive.GPIO0.OUTPUT_VAL.SetBits(1 << p)
	} else {
		sifive.GPIO0.OUTPUT_VAL.ClearBits(1 << p)
	}
}

// Get reads the level of a pin.
func (p Pin) Get() bool { return sifive.GPIO0.INPUT_VAL.Get()>>p&1 != 0 }

// PortMaskSet returns the register and the value that set the pin; other pins must not change meanwhile.
func (p Pin) PortMaskSet() (*uint32, uint32) {
	return &sifive.GPIO0.OUTPUT_VAL.Reg, sifive.GPIO0.OUTPUT_VAL.Get() | 1<<p
}

// PortMaskClear returns the register and the value that clear the pin; other pins must not change meanwhile.
func (p Pin) PortMaskClear() (*uint32, uint32) {
	return &sifive.GPIO0.OUTPUT_VAL.Reg, sifive.GPIO0.OUTPUT_VAL.Get() &^ (1 << p)
}

// UART is a SiFive UART (FE310-G002 manual, chapter 18).
type UART struct {
	Buffer *RingBuffer
}

var (
	uart0Buffer RingBuffer
	_UART0      = UART{Buffer: &uart0Buffer}
	UART0       = &_UART0
)

// Configure sets the speed.
func (uart *UART) Configure(config UARTConfig) {
	if config.BaudRate == 0 {
		config.BaudRate = boardBaud
	}
	sifive.GPIO0.IOF_EN.SetBits(1<<UART_TX_PIN | 1<<UART_RX_PIN)
	sifive.UART0.DIV.Set(boardClock/config.BaudRate - 1)
	sifive.UART0.TXCTRL.Set(1)
	sifive.UART0.RXCTRL.Set(1)
}

// initOutput prepares the UART for sending.
func (uart *UART) initOutput() { uart.Configure(UARTConfig{}) }

// poll moves what the receiver holds into the buffer: its FIFO of eight bytes stands in for an interrupt.
func (uart *UART) poll() {
	for {
		data := sifive.UART0.RXDATA.Get()
		if data>>31 != 0 {
			return
		}
		uart.Buffer.Put(byte(data))
	}
}

func (uart *UART) writeByte(c byte) {
	for sifive.UART0.TXDATA.Get()>>31 != 0 {
	}
	sifive.UART0.TXDATA.Set(uint32(c))
}
