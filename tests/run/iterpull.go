// iter.Pull: values, early ends, panics on either side, and a panic whose recovery switches to the iterator.
//
// run: host wasip1 cortex-m-qemu riscv-qemu
package main

import "iter"

var slot func(int) bool

func squares(yield func(int) bool) {
	defer println("squares end")
	for i := range 5 {
		if !yield(i * i) {
			println("stopped at", i)
			return
		}
	}
}

func keep(yield func(int) bool) {
	slot = yield
	yield(5)
}

func again() (text string) {
	next, stop := iter.Pull(keep)
	println(next())
	defer func() {
		text = recover().(string)
		stop()
	}()
	slot(5)
	return "not reached"
}

func boom(yield func(int) bool) {
	yield(1)
	panic("boom")
}

func main() {
	next, stop := iter.Pull(squares)
	for range 3 {
		println(next())
	}
	stop()
	println(next())

	next, stop = iter.Pull(squares)
	for v, ok := next(); ok; v, ok = next() {
		println(v)
	}
	stop()

	println(again())

	next, _ = iter.Pull(boom)
	println(next())
	func() {
		defer func() { println(recover().(string)) }()
		next()
	}()

	pairs, done := iter.Pull2(func(yield func(int, string) bool) {
		_ = yield(1, "one") && yield(2, "two")
	})
	for {
		k, v, ok := pairs()
		println(k, v, ok)
		if !ok {
			break
		}
	}
	done()
}
