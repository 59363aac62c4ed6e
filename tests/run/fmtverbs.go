// Package fmt: verbs, flags, widths, values of all kinds, errors that wrap, scanning.
//
// run: host linux/386 linux/arm64 wasip1 riscv-qemu
// stress: host wasip1
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

type point struct {
	X, Y int
}

type named struct {
	Name  string
	Inner *point
	list  []byte
	any   interface{}
}

type color uint8

func (c color) String() string { return [...]string{"red", "green"}[c] }

type failure struct{ code int }

func (f *failure) Error() string { return fmt.Sprint("failure ", f.code) }

type gostring string

func (gostring) GoString() string { return "GO" }

type custom struct{}

func (custom) Format(s fmt.State, verb rune) {
	w, ok := s.Width()
	fmt.Fprintf(s, "<%c %d %v %v>", verb, w, ok, s.Flag('+'))
}

type bomb struct{}

func (bomb) String() string { panic("boom") }

type nilStringer struct{ n int }

func (p *nilStringer) String() string { return fmt.Sprint(p.n) }

func show(format string, args ...any) { println(fmt.Sprintf(format, args...)) }

func main() {
	show("%d %5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%#o|%O|%b|%c|%q|%U|%#U", 42, 42, 42, 42, 42, 42, 255, 255, 255, 8, 8, 8, 5, 'x', 'x', 0x1F600, 0x1F600)
	show("%d %d %d %d %d", int8(-128), uint8(255), int64(-1<<63), uint64(1<<64-1), uintptr(7))
	show("%v %g %e %E %f %.2f %8.3f|%-8.2f|%+.1e|%G", 1.5, 1e21, 123456.789, 1e-7, 3.14159, 2.718, 3.14159, 1.0, 12345.678, 1e-10)
	show("%v %v %v %x %b", float32(0.1), 1e6, 1e20, 1.0, 2.0)
	show("%v %.2f %g", 1+2i, complex64(1.25-2.5i), -1i)
	show("%t %v %5t|%-7t|", true, false, true, false)
	show("%s|%10s|%-10s|%.2s|%q|%x|%X|% x|%#q|%+q", "héllo", "hi", "hi", "hello", "a\tb\"c", "hex", "hex", "hex", "raw", "é")
	show("%v %s %x %d %q", []byte("abc"), []byte("abc"), []byte("abc"), []byte("abc"), []byte("abc"))
	show("%v %+v %#v %T", point{1, 2}, point{1, 2}, point{1, 2}, point{1, 2})
	show("%v %+v", &point{3, 4}, &point{3, 4})
	show("%v %+v", named{"n", nil, []byte{1}, 7}, named{"n", nil, nil, nil})
	show("%#v", named{"n", nil, []byte{1}, 7.5})
	show("%v %d %#v %T", []int{1, 2, 3}, []int{1, 2, 3}, []int{1, 2, 3}, []int(nil))
	show("%v %#v %T", [2]string{"a", "b"}, [2]string{"a", "b"}, [2]string{})
	show("%v %#v %T", map[string]int{"b": 2, "a": 1}, map[int]bool{2: true, 1: false}, map[string][]int{})
	show("%v %v %#v", map[string]int(nil), []string(nil), []string(nil))
	show("%v %d %s %x %T", color(1), color(1), color(0), color(1), color(1))
	show("%v %v", &failure{3}, error(&failure{4}))
	show("%#v %v", gostring("x"), gostring("y"))
	show("%v %+8d", custom{}, custom{})
	show("%v %d", bomb{}, bomb{})
	show("%v", (*nilStringer)(nil))
	show("%v %+v %s", nil, nil, nil)
	show("%d %s %!", "str", 5)
	show("%d", 1, 2)
	show("%d %d", 1)
	show("%z %-010d|%[2]d %[1]d|%[3]*.[2]*[1]f|%*d", 7, 2, 12, 5, 42)
	show("%6.2f%%|%+v|%v", 99.5, struct {
		A any
		B error
	}{1, nil}, struct{ a, b any }{"x", []any{1, "y", nil}})
	show("%v %v", struct{}{}, [0]int{})
	show("%t %p", 1, 2)
	show("%08.3f|%+08d|%x|%X|% X", -3.14159, 42, "\x01\xff", []byte{1, 255}, []byte{1, 255})
	show("%v %v %v", int64(5), any(int64(6)), []any{1, 2.5, "s", nil, true, 'x'})
	show("%5v|%-5v|%05v", []int{1, 22}, []int{1, 22}, []int{1, 22})
	show("%s %v", errors.New("plain"), fmt.Errorf("one: %w", errors.New("inner")))
	inner := &failure{9}
	wrapped := fmt.Errorf("two: %w", fmt.Errorf("one: %w", inner))
	var found *failure
	println(errors.Is(wrapped, inner), errors.As(wrapped, &found), found == inner, wrapped.Error())
	both := fmt.Errorf("%w and %w", inner, os.ErrNotExist)
	println(errors.Is(both, os.ErrNotExist), errors.Is(both, inner), errors.Unwrap(both) == nil, both.Error())
	println(fmt.Sprint("a", 1, 2, "b", "c", 3.5, nil), fmt.Sprintln("end", 1))
	println(string(fmt.Appendf(nil, "%03d", 7)), string(fmt.Append(nil, 1, 2)))

	var a, b int
	var s string
	var f float64
	n, err := fmt.Sscanf("10 0x20 word 2.5", "%d %v %s %g", &a, &b, &s, &f)
	println(n, err == nil, a, b, s, f == 2.5)
	n, err = fmt.Sscan("7 8 nine", &a, &b, &s)
	println(n, err == nil, a, b, s)
	n, err = fmt.Fscan(strings.NewReader("1 x"), &a, &b)
	println(n, err.Error())
	n, err = fmt.Sscanln("3", &a, &b)
	println(n, err.Error())
	fmt.Fprintln(os.Stderr, "to standard error", 1, true)
	fmt.Fprintf(os.Stderr, "%s %d\n", "formatted", 2)
}
