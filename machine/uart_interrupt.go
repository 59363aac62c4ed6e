//go:build atmega || nrf51 || rp2040

package machine

// poll has nothing to do where an interrupt fills the buffer.
func (uart *UART) poll() {}
