// Recover works only in the deferred function itself, not in those that it calls.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: constants lie in RAM there, and these do not fit
package main

func helper() any { return recover() }

func main() {
	defer func() {
		println(recover().(string))
	}()
	defer func() {
		println(helper() == nil)
	}()
	defer func() {
		func() {
			println(recover() == nil)
		}()
	}()
	panic("still there")
}
