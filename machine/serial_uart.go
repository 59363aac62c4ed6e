//go:build serial.uart && (atmega || nrf51 || rp2040 || fe310)

package machine

// Serial is where print and os.Stdout go: the board's UART.
var Serial = DefaultUART

// InitSerial prepares Serial for the speed of the board's serial port.
func InitSerial() {
	serialReady = true
	Serial.Configure(UARTConfig{})
}

// serialReady is set once Serial can send: programs that print nothing do without the UART, those that only print
// without its receiver.
var serialReady bool

// putchar writes a byte of print's output.
//
//go:linkname putchar runtime.machinePutchar
func putchar(c byte) {
	if !serialReady {
		serialReady = true
		Serial.initOutput()
	}
	Serial.writeByte(c)
}
