// Type switches over concrete types, interfaces, several types in a case, nil; generic and anonymous types.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: constants lie in RAM there, and these do not fit
package main

type stringer interface{ String() string }
type id int
type name string

func (n name) String() string { return "name " + string(n) }

type box[T any] struct{ v T }

func kind(v any) string {
	switch x := v.(type) {
	case nil:
		return "nil"
	case int:
		return "int " + string(rune('0'+x))
	case int8, uint8:
		if y, ok := x.(uint8); ok {
			return "byte " + string(rune(y))
		}
		return "int8"
	case error:
		return "error " + x.Error()
	case stringer:
		return x.String()
	case string:
		return "string " + x
	case []int:
		return "slice " + string(rune('0'+len(x)))
	case map[string]int:
		return "map"
	case func() int:
		return "func " + string(rune('0'+x()))
	case *int:
		return "pointer " + string(rune('0'+*x))
	case struct{ a, b int }:
		return "struct " + string(rune('0'+x.a+x.b))
	case box[int]:
		return "box of int"
	case box[string]:
		return "box of " + x.v
	case chan int, <-chan int:
		return "channel"
	case [2]bool:
		if x[1] {
			return "true"
		}
	default:
		return "other"
	}
	return "after"
}

type boom struct{}

func (*boom) Error() string { return "boom" }

func main() {
	seven := 7
	for _, v := range []any{
		nil, 3, int8(1), byte('z'), &boom{}, name("n"), "s", []int{1, 2}, map[string]int{}, func() int { return 4 },
		&seven, struct{ a, b int }{1, 2}, struct{ a, c int }{1, 2}, box[int]{}, box[string]{"str"}, box[bool]{},
		make(chan int), make(<-chan int), make(chan<- int), [2]bool{false, true}, [2]bool{}, id(1), 1.5, 'r',
	} {
		println(kind(v))
	}
	var e error
	switch e.(type) {
	case stringer:
		println("wrong")
	case nil:
		println("nil error")
	}
	switch f := 3; any(f).(type) {
	case int:
		f++
		println(f)
		if f > 3 {
			break
		}
		println("wrong")
	}
}
