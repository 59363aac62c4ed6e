// Package machine is the board: its pins, its serial port, its clock.
//
// The names of pins, DefaultUART and Device come from the board's YAML file; the chip's file (machine_*.go) supplies what
// Pin and UART do.
package machine

// Units of frequency.
const (
	KHz = 1_000
	MHz = 1_000_000
	GHz = 1_000_000_000
)

// Pin is a pin of the chip, by the chip's numbering.
type Pin uint8

// NoPin stands for no pin at all.
const NoPin = Pin(0xff)

// PinMode is the direction of a pin and its pull resistor; the chip's file lists those that it has.
type PinMode uint8

// PinConfig is what Configure takes.
type PinConfig struct {
	Mode PinMode
}

// PinChange says which edges of an input interrupt; the chip's file lists those that it has.
type PinChange uint8

// High sets an output to its high level.
func (p Pin) High() { p.Set(true) }

// Low sets an output to its low level.
func (p Pin) Low() { p.Set(false) }

// Error is an error of this package.
type Error string

func (e Error) Error() string { return string(e) }

// Errors that several chips share.
const (
	ErrInvalidInputPin    = Error("machine: invalid input pin")
	ErrInvalidOutputPin   = Error("machine: invalid output pin")
	ErrInvalidClockPin    = Error("machine: invalid clock pin")
	ErrInvalidDataPin     = Error("machine: invalid data pin")
	ErrNoPinChangeChannel = Error("machine: no channel available for pin interrupt")
	errUARTBufferEmpty    = Error("machine: UART buffer empty")
)
