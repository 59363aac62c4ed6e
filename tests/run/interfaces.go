// Interfaces: assertions, comparison, nil inside and outside, conversion between them.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// stress: host wasip1
// not arduino: constants lie in RAM there, and these do not fit
package main

type stringer interface{ String() string }
type setter interface{ set(int) }
type both interface {
	stringer
	setter
}

type val struct{ n int }

func (v *val) String() string { return "val" + string(rune('0'+v.n)) }
func (v *val) set(n int)      { v.n = n }

type str string

func (s str) String() string { return string(s) }

type myErr struct{ code int }

func (e *myErr) Error() string { return "code" }

func fail(code int) error {
	var e *myErr
	if code > 0 {
		e = &myErr{code}
	}
	return e
}

func try(f func()) {
	defer func() {
		println(recover().(error).Error())
	}()
	f()
}

func main() {
	var s stringer = &val{3}
	b := s.(both)
	b.set(5)
	println(s.String(), b == s, s.(*val).n)
	_, ok := s.(str)
	t, ok2 := stringer(str("x")).(setter)
	println(ok, t == nil, ok2)
	println(fail(0) == nil, fail(1) == nil, fail(1) == fail(1))
	var x, y any = 1, 1
	println(x == y, x == any(int8(1)), x != nil, any(nil) == nil)
	x, y = [2]string{"a", "b"}, [2]string{"a", "b"}
	println(x == y)
	x, y = &val{1}, &val{1}
	println(x == y, x == x)
	x, y = struct{ a any }{1}, struct{ a any }{"1"}
	println(x == y)
	x = 1.5
	println(x == 1.5, x == 1, s == &val{5})
	var e error
	var p *val
	s = p
	println(e == nil, s == nil, s.(*val) == nil)
	try(func() { _ = x.(string) })
	try(func() { _ = x.(stringer) })
	try(func() { _ = e.(stringer) })
	try(func() { _ = any(nil).(int) })
	try(func() { _ = s.(str) })
	try(func() { _ = any(str("")).(both) })
	try(func() { println(any([]int{}) == any([]int{})) })
	try(func() { println(any(map[int]int{}) == any(map[int]int{})) })
	try(func() { println(any(struct{ f func() }{}) == any(struct{ f func() }{})) })
	println(any([]int{}) == any(1))
	f := stringer.String
	println(f(str("expr")), f(&val{2}))
	g := s.String
	_ = g
	bound := stringer(str("bound")).String
	println(bound())
}
