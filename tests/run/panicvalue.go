// Uncaught panics with values of basic types, defined ones with their type.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: the same as panicerror there
// exit: 2
package main

type temperature float64
type code int
type text string

func main() {
	defer panic(text("quoted"))
	defer panic(code(5))
	defer panic(temperature(1.5))
	defer panic(2.5)
	defer panic(true)
	defer panic(uint8(3))
	panic(-4)
}
