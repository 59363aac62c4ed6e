// Package fmt with formats that are constants, which the compiler takes apart, and with those that it leaves alone.
//
// run: host linux/arm64 wasip1 riscv-qemu
// stress: host wasip1
package main

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"time"
)

type T int

func (t T) String() string { return "T!" }

type E struct{ s string }

func (e *E) Error() string { return "E:" + e.s }

type P struct{}

func (P) String() string { panic("boom") }

type PE struct{}

func (PE) Error() string { panic(errors.New("bang")) }

type PX struct{}

func (PX) Error() string { panic(struct{ a, b int }{1, 2}) }

type F struct{}

func (F) Format(s fmt.State, v rune) {
	w, ok := s.Width()
	fmt.Fprintf(s, "F<%c %d %t %t>", v, w, ok, s.Flag('+'))
}

type S string
type B []byte
type I interface{ String() string }

func main() {
	os.Stdout = os.Stderr
	var np *E
	var ne error
	var i8 int8 = -5
	var u16 uint16 = 65535
	var up uintptr = 77
	f32 := float32(1.25)
	fmt.Printf("plain\n")
	fmt.Printf("%s|%q|%x|%X|% x|%#x|%10s|%-10s|%.2s|%010s\n", "hé", "a\"b", "hi", "hi", "hi", "hi", "r", "l", "long", "z")
	fmt.Printf("%v %v %d %+d %05d %-5d| %x %X %#x %b %o %O %#o %c %q %U %#U\n", 1, i8, u16, 5, -42, 7, 255, 255, 255, 5, 8, 8, 8, 'x', 'y', 0x1F600, 0x1F600)
	fmt.Printf("%v %f %.2f %8.3f %e %g %G %x %F %b %v %+.1e\n", 1.5, 1.5, 3.14159, 2.71828, 1e10, 1e-7, 1e21, 1.0, 2.5, 1.0, f32, 12345.678)
	fmt.Printf("%v %t %5t %v\n", true, false, true, up)
	fmt.Printf("%v %s %q %d %x\n", T(3), T(3), T(3), T(3), T(3))
	fmt.Printf("%v %s %v %s\n", &E{"x"}, &E{"y"}, ne, ne)
	fmt.Printf("%v %q\n", np, np)
	fmt.Printf("%v %s\n", P{}, PE{})
	fmt.Printf("%v|%+v\n", PX{}, PX{})
	fmt.Printf("%v %+v %d %5s %#v\n", F{}, F{}, F{}, F{}, F{})
	fmt.Printf("%s %q %v %x\n", S("s"), S("q"), S("v"), S("x"))
	fmt.Printf("%s %q %x %X\n", []byte("bs"), []byte("bq"), B("bx"), B("bX"))
	fmt.Printf("%T %T %T %T\n", 1, "s", ne, &E{})
	fmt.Printf("%v %v\n", time.Duration(1500)*time.Millisecond, reflect.TypeOf(3))
	fmt.Printf("%v %s\n", reflect.ValueOf(3), reflect.ValueOf("s"))
	var st fmt.Stringer = reflect.ValueOf(42)
	fmt.Printf("%v %s\n", st, st)
	fmt.Printf("100%% %d%%\n", 5)
	fmt.Printf("%d %s\n", "bad", 5)
	fmt.Printf("%d\n")
	fmt.Printf("%d\n", 1, 2)
	fmt.Printf("%*d %[1]d\n", 5, 6)
	e1 := errors.New("inner")
	w := fmt.Errorf("wrap %w!", e1)
	fmt.Println(w, errors.Unwrap(w) == e1, errors.Is(w, e1))
	w2 := fmt.Errorf("wrap %w %w", e1, w)
	fmt.Println(w2, errors.Is(w2, e1))
	w3 := fmt.Errorf("nil %w %d", ne, 4)
	fmt.Println(w3, errors.Unwrap(w3))
	fmt.Printf("%T %T %T\n", w, w2, fmt.Errorf("none %d", 1))
	fmt.Println(fmt.Errorf("plain"), fmt.Errorf("pct %%"))
	fmt.Println("a", 1, true, 2.5, 'x', "b", T(1), nil, e1, ne)
	fmt.Print("a", 1, 2, "b", 3, 4.5, true, false, "\n")
	fmt.Print(1, 2, e1, "\n")
	fmt.Fprintln(os.Stdout, "to", "stdout", 1)
	n, err := fmt.Fprintf(os.Stdout, "%d %s\n", 1, "x")
	fmt.Println(n, err)
	fmt.Println(fmt.Sprint("x", 1), fmt.Sprintln("l", 2), fmt.Sprint())
	b := fmt.Appendf([]byte("pre"), " %d %v", 4, "post")
	b = fmt.Appendln(b, "x", 1)
	b = fmt.Append(b, 1, 2, "s")
	fmt.Printf("%s\n", b)
	defer fmt.Printf("deferred %d %s %v\n", n, "x", e1)
	n = 99
	go fmt.Printf("go %d\n", n)
	time.Sleep(time.Millisecond)
	func() {
		defer func() { fmt.Println("rec:", recover()) }()
		var m map[string]int
		m["a"] = 1
	}()
	const c = "const %s %d\n"
	fmt.Printf(c+"more %v\n", "c", 1, "k")
	fmt.Printf("%6.2f|%-8s|%+v|%08b|%3c|%-4q|%#q\n", 3.14159, "ab", "plus", 5, 'z', 'q', "back")
	fmt.Printf("% d|%+d|% x|%#b|%t\n", 5, 6, -7, 5, true)
	fmt.Printf("%s\n", fmt.Sprintf("%d-%d", 1, 2)+"!")
	var ni I
	func() {
		defer func() { fmt.Println("never", recover()) }()
		fmt.Printf("%v %s\n", ni, ni)
	}()
	fmt.Printf("%c%c %q\n", -1, 0x110000, rune(0x7f))
	fmt.Printf("%x %X\n", -255, int8(-1))
	fmt.Printf("%v %v\n", int64(-1<<63), uint64(1<<64-1))
	fmt.Printf("%v %d\n", struct{ a int }{1}, []int{1, 2})
	fmt.Printf("%5v|%-5v|%05v|%5.1v\n", 12, 12, 12, 3.14159)
	fmt.Printf("%10v|%-10v|%10s\n", e1, e1, T(1))
	fmt.Printf("%t %t\n", 1 < 2, "x")
	fmt.Printf("%t %t\n", fmt.Sprintf("%p", F{}) == "%!p(main.F={})", fmt.Errorf("%#w", e1) != nil)
}
