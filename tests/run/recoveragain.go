// Panics while deferred functions run, recovered by other deferred functions of the same frame; recover in functions
// that are reached through wrappers.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: too large for the chip without optimisation
package main

type I interface{ M() }

type T struct{ x int }

func (T) M() {}

// A method value of a nil pointer panics when the deferred call is made.
func nilReceiver() (r int) {
	defer func() { println("recovered", recover() != nil) }()
	var t *T
	var i I = t
	defer i.M()
	r = 1
	return
}

func nilFunc() (r int) {
	defer func() { println("recovered", recover() != nil) }()
	defer ((func())(nil))()
	return 2
}

func several() (s string) {
	defer func() { s += "a" }()
	defer func() { s += recover().(string) }()
	defer func() { s += "b"; panic("3") }()
	defer func() { s += recover().(string) }()
	defer func() { s += "c"; panic("2") }()
	defer func() { s += recover().(string) }()
	panic("1")
}

func callRecover() {
	if recover() != nil {
		println("recovered too early")
	}
}

type P int

func (*P) M() { callRecover() }

type S struct{ *P }

var byExpression = S.M

func indirect() {
	defer func() { println("still", recover().(string)) }()
	defer byExpression(S{new(P)})
	var i I = S{new(P)}
	defer i.M()
	panic("panicking")
}

func main() {
	println(nilReceiver())
	println(nilFunc())
	println(several())
	indirect()
}
