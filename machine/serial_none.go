//go:build !serial.uart && (atmega || nrf51 || rp2040 || fe310)

package machine

// NullSerial swallows what is written and never receives.
type NullSerial struct{}

// Configure does nothing.
func (NullSerial) Configure(config UARTConfig) error { return nil }

// WriteByte does nothing.
func (NullSerial) WriteByte(b byte) error { return nil }

// ReadByte always fails.
func (NullSerial) ReadByte() (byte, error) { return 0, errUARTBufferEmpty }

// Buffered is always 0.
func (NullSerial) Buffered() int { return 0 }

// Write does nothing.
func (NullSerial) Write(p []byte) (n int, err error) { return len(p), nil }

// Serial is where print and os.Stdout go: nowhere.
var Serial NullSerial

// InitSerial does nothing.
func InitSerial() {}

//go:linkname putchar runtime.machinePutchar
func putchar(c byte) {}
