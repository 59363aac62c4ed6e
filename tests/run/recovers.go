// Recover: where it works and where not, panics in deferred calls, re-panics, results after recovery.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// stress: host wasip1
// not arduino: constants lie in RAM there, and these do not fit
package main

func safe(f func()) (msg any) {
	defer func() {
		if e := recover(); e != nil {
			msg = e
		}
	}()
	f()
	return "fine"
}

func helper() any { return recover() }

func indirect() (r any) {
	defer func() {
		r = recover()
	}()
	panic("indirect")
}

func direct() (s string) {
	defer helper()
	s = "kept"
	panic("gone")
}

func replaced() (r any) {
	defer func() { r = recover() }()
	defer func() { panic("second") }()
	panic("first")
}

func again() (r any) {
	defer func() { r = recover() }()
	defer func() {
		e := recover()
		panic(e.(string) + " again")
	}()
	panic("once")
}

func inside() {
	defer func() {
		println("outer recover:", recover() == nil)
	}()
	defer func() {
		defer func() {
			println("inner recover:", recover().(string))
		}()
		panic("in deferred")
	}()
	println("no panic here")
}

func deep(n int) {
	defer func() { depth++ }()
	if n == 0 {
		panic(n)
	}
	deep(n - 1)
}

var depth int

type stack []int

func (s *stack) pop() int {
	n := len(*s) - 1
	v := (*s)[n]
	*s = (*s)[:n]
	return v
}

func loop() {
	var s stack = []int{1, 2}
	for i := 0; i < 4; i++ {
		func() {
			defer func() {
				if e := recover(); e != nil {
					println("empty:", e.(error).Error())
				}
			}()
			println("pop", s.pop())
		}()
	}
}

func named() (n int, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = e.(error)
		}
	}()
	n = 5
	var m map[string]int
	m["x"] = 1
	n = 6
	return
}

func main() {
	println(recover() == nil)
	println(safe(func() {}).(string), safe(func() { panic("p") }).(string), safe(func() { panic(42) }).(int))
	println(indirect().(string), direct())
	println(replaced().(string), again().(string))
	inside()
	println(safe(func() { deep(20) }).(int), depth)
	loop()
	n, err := named()
	println(n, err.Error())
	println(safe(func() { panic(nil) }).(error).Error())
	println(safe(func() {
		defer func() { recover() }()
		panic("lost")
	}).(string))
	x := 0
	for i := range 3 {
		func() {
			defer func() {
				recover()
				x += 10
			}()
			x += i
			if i == 1 {
				panic(i)
			}
			x += 100
		}()
	}
	println(x)
	func() {
		defer func() {
			println("two:", recover().(string), recover() == nil)
		}()
		panic("one")
	}()
	println("end")
}
