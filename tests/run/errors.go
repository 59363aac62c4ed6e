// The texts of run-time errors, and that they are of type runtime.Error.
//
// run: host linux/386 linux/arm64 wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: constants lie in RAM there, and these do not fit
package main

import "runtime"

type t struct {
	pad [4]int
	x   int
}

type iface interface{ m(int) }

func try(name string, f func()) {
	defer func() {
		e := recover()
		if r, ok := e.(runtime.Error); ok {
			println(name+":", r.Error())
		} else if s, ok := e.(error); ok {
			println(name+": not a runtime.Error:", s.Error())
		} else {
			println(name + ": none")
		}
	}()
	f()
}

var (
	s    = []int{1, 2, 3}
	arr  [4]byte
	str  = "hello"
	neg  = -1
	five = 5
	nine = 9
	zero = 0
	big  = uint64(1 << 40)
	p    *t
	pa   *[4]int
	m    map[string]int
	f    func()
	i    iface
	e    any = 3
	sink any
)

func main() {
	try("index", func() { println(s[five]) })
	try("index negative", func() { println(s[neg]) })
	try("array", func() { arr[nine] = 1 })
	try("string", func() { println(str[five]) })
	try("slice high", func() { sink = s[:nine] })
	try("slice low", func() { sink = s[five:] })
	try("slice order", func() { sink = s[3 : zero+1] })
	try("slice negative", func() { sink = s[neg:] })
	try("string slice", func() { sink = str[2:nine] })
	try("string order", func() { sink = str[five:2] })
	try("three", func() { sink = s[0:1:nine] })
	try("three order", func() { sink = s[0 : 3 : zero+2] })
	try("three low", func() { sink = s[five:1:3] })
	try("array slice", func() { sink = arr[nine:] })
	try("convert", func() { sink = [4]int(s) })
	try("convert pointer", func() { sink = (*[5]int)(s) })
	try("nil field", func() { println(p.x) })
	try("nil store", func() { p.x = 1 })
	try("nil array", func() { println(pa[2]) })
	try("nil func", func() { f() })
	try("nil interface", func() { i.m(1) })
	try("nil map", func() { m["a"] = 1 })
	try("divide", func() { println(five / zero) })
	try("modulo", func() { println(uint8(five) % uint8(zero)) })
	try("divide 64", func() { println(big / uint64(zero)) })
	try("shift", func() { println(five << neg) })
	try("makeslice len", func() { sink = make([]int, neg) })
	try("makeslice cap", func() { sink = make([]int, 2, five-4) })
	try("makechan", func() { sink = make(chan int, neg) })
	try("assert", func() { println(e.(string)) })
	try("assert interface", func() { e.(iface).m(1) })
	try("close nil", func() { var c chan int; close(c) })
	try("close twice", func() { c := make(chan int); close(c); close(c) })
	try("send closed", func() { c := make(chan int, 1); close(c); c <- 1 })
	try("fine", func() { sink = s[3:] })
	try("goexit text", func() { panic(nil) })
}
