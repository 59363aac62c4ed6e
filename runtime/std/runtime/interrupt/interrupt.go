// Package interrupt attaches handlers to interrupts.
package interrupt

// Interrupt is an interrupt of the chip, as New returns it.
type Interrupt struct {
	num int
}

// New makes handler the service routine of interrupt id, which must be a constant of the device package; the handler is
// a function or a method of a global, not a closure. The compiler puts it into the vector table; Enable lets it run.
func New(id int, handler func(Interrupt)) Interrupt

// State is what Disable found, for Restore.
type State uintptr
