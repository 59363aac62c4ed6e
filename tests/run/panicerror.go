// An uncaught panic with an error whose text has two lines.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
// exit: 2
package main

type failure struct{ code int }

func (f *failure) Error() string { return "failed\nbadly with " + string(rune('0'+f.code)) }

func main() {
	println("start")
	panic(&failure{7})
}
