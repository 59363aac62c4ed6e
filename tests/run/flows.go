// Values that reach type switches, calls and branches on long ways: through memory of all kinds, goroutines, maps, unsafe.
//
// run: host linux/386 linux/arm64 wasip1 cortex-m-qemu riscv-qemu
// not pico: the same code as cortex-m-qemu
package main

import (
	"errors"
	"sync"
	"unsafe"
)

type shape interface{ area() int }

type square struct{ side int }
type circle struct{ radius int }
type flat struct{}

func (s square) area() int  { return s.side * s.side }
func (c *circle) area() int { return 3 * c.radius * c.radius }
func (flat) area() int      { return 0 }

type holder struct {
	name  string
	first any
	rest  [3]any
	call  func(int) int
}

func kind(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case int:
		return "int"
	case string:
		return "string " + v
	case error:
		return "error " + v.Error()
	case shape:
		return "shape"
	case func() string:
		return "func " + v()
	case []any:
		return "slice of " + kind(v[0])
	case map[string]any:
		return "map of " + kind(v["x"])
	case *holder:
		return "holder of " + kind(v.first)
	}
	return "other"
}

// Only one number ever gets here from each caller, but not the same.
func scaled(n, by int) int {
	if by == 1 {
		return n
	}
	switch by {
	case 2:
		return n << 1
	case 10:
		return n * 10
	}
	return -1
}

// The element is stored at one index and read at another that nobody knows.
func element(values []any, at int) any { return values[at] }

// A pointer that was a number for a while.
func hidden(p *any) *any {
	n := uintptr(unsafe.Pointer(p)) ^ 0x55
	return (*any)(unsafe.Pointer(n ^ 0x55))
}

type words struct{ typ, data unsafe.Pointer }

func copied(v any) (w any) {
	*(*words)(unsafe.Pointer(&w)) = *(*words)(unsafe.Pointer(&v))
	return
}

func recovered(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return "nothing"
}

func pair[T any](a, b T, second bool) T {
	values := [...]T{a, b}
	if second {
		return values[1]
	}
	return values[0]
}

var pool = sync.Pool{New: func() any { return new(holder) }}

func main() {
	h := pool.Get().(*holder)
	h.first, h.rest[2] = 7, "seven"
	h.call = func(n int) int { return scaled(n, 10) }
	println(kind(h), kind(h.rest[2]), kind(h.rest[0]), h.call(4))
	pool.Put(h)
	println(scaled(5, 1), scaled(5, 2), scaled(5, h.call(1)))

	values := []any{1, "two", errors.New("three"), square{4}, nil, func() string { return "five" }, 1.5}
	for i := range values {
		println(i, kind(element(values, i)))
	}
	values = append(values, []any{&circle{1}}, map[string]any{"x": flat{}})
	println(kind(values[7]), kind(values[8]), kind(values[6:][0]))

	shapes := map[string]shape{"s": square{2}, "c": &circle{2}}
	sum := 0
	for _, s := range shapes {
		sum += s.area()
	}
	shapes["f"] = flat{}
	println(sum, shapes["f"].area(), kind(shapes["c"]), shapes["none"] == nil)

	ch, done := make(chan any, 2), make(chan shape)
	go func() {
		for v := range ch {
			println(kind(v))
		}
		done <- square{3}
	}()
	ch <- "through a channel"
	ch <- &circle{}
	close(ch)
	println((<-done).area())

	var v any = "hidden"
	println(kind(*hidden(&v)), kind(copied(errors.New("copied"))))
	println(kind(recovered(func() { panic(square{}) })), kind(recovered(func() { panic(12) })),
		kind(recovered(func() {})))
	println(kind(pair[any](1, "b", true)), pair(3, 4, false), kind(pair[shape](flat{}, &circle{}, true)))

	area := square{5}.area
	method := shape.area
	println(area(), method(&circle{1}), (*circle).area(&circle{2}))
	m := map[any]string{1: "one", "a": "letter", square{1}: "square"}
	println(m[1], m["a"], m[square{1}], m[flat{}] == "")
}
