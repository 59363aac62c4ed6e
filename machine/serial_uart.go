//go:build serial.uart && (atmega || nrf51 || rp2040 || fe310)

package machine

// Serial is where print and os.Stdout go: the board's UART.
var Serial = DefaultUART

// InitSerial prepares Serial for the speed of the board's serial port.
func InitSerial() { Serial.Configure(UARTConfig{}) }

// serialReady is set once Serial was prepared: programs that print nothing do without the UART.
var serialReady bool

// putchar writes a byte of print's output.
//
//go:linkname putchar runtime.machinePutchar
func putchar(c byte) {
	if !serialReady {
		serialReady = true
		InitSerial()
	}
	Serial.writeByte(c)
}
