//go:build atmega || nrf51 || rp2040 || fe310

package machine

// UARTConfig is what UART.Configure takes; zero values stand for the board's own.
type UARTConfig struct {
	BaudRate uint32
	TX       Pin
	RX       Pin
	RTS      Pin
	CTS      Pin
}

// UARTParity is the parity bit of a frame.
type UARTParity uint8

const (
	ParityNone UARTParity = iota
	ParityEven
	ParityOdd
)

// Read takes what has been received, at most len(data) bytes.
func (uart *UART) Read(data []byte) (n int, err error) {
	n = uart.Buffered()
	if n > len(data) {
		n = len(data)
	}
	for i := 0; i < n; i++ {
		data[i], err = uart.ReadByte()
		if err != nil {
			return i, err
		}
	}
	return n, nil
}

// Write sends all of data.
func (uart *UART) Write(data []byte) (n int, err error) {
	for _, c := range data {
		uart.WriteByte(c)
	}
	return len(data), nil
}

// WriteByte sends one byte; it waits while the transmitter is busy.
func (uart *UART) WriteByte(c byte) error {
	uart.writeByte(c)
	return nil
}

// ReadByte takes the next byte that has been received, or fails at once if there is none.
func (uart *UART) ReadByte() (byte, error) {
	uart.poll()
	c, ok := uart.Buffer.Get()
	if !ok {
		return 0, errUARTBufferEmpty
	}
	return c, nil
}

// Buffered is the number of bytes that have been received and not been read.
func (uart *UART) Buffered() int {
	uart.poll()
	return int(uart.Buffer.Used())
}

// Receive puts a byte into the buffer, as the interrupt handler does.
func (uart *UART) Receive(data byte) { uart.Buffer.Put(data) }
