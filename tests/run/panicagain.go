// A recovered panic that is raised again with the same value.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: the same as panicerror there
// exit: 2
package main

type oops struct{}

func (*oops) Error() string { return "oops" }

func main() {
	defer func() {
		e := recover()
		println("seen", e.(error).Error())
		panic(e)
	}()
	panic(&oops{})
}
