// The pointer to a type is what its descriptor leads to, in a program that asks no type for its methods.
//
// run: host wasip1 riscv-qemu
// not cortex-m-qemu: does not fit its flash at -opt=0
package main

import "reflect"

type named struct{ s string }

func (n named) String() string { return n.s }

func main() {
	v := reflect.ValueOf(named{"a"})
	p := reflect.New(v.Type())
	println(p.Type().String(), p.Type().Elem() == v.Type())
	p.Elem().Set(v)
	println(p.Elem().Field(0).String())
}
