package p
func f() { var a int = "s"; _ = a } // ERROR 24 "cannot use \"s\" (untyped string constant) as int value in variable declaration"
//---
package p
func g() (int, int) { return 1, 2 }
func f() { a := g(); _ = a } // ERROR 17 "assignment mismatch: 1 variable but g returns 2 values"
//---
package p
func f() { var a, b int = 1; _, _ = a, b } // ERROR 27 "assignment mismatch: 2 variables but 1 value"
//---
package p
func f() { 1 = 2 } // ERROR 12 "cannot assign to 1 (neither addressable nor a map index expression)"
//---
package p
const c = 1
func f() { c = 2 } // ERROR 12 "cannot assign to c (neither addressable nor a map index expression)"
//---
package p
func g() {}
func f() { g = nil } // ERROR 12 "cannot assign to g (neither addressable nor a map index expression)"
//---
package p
func g() int
func f() { g() = 1 } // ERROR 12 "cannot assign to g() (neither addressable nor a map index expression)"
//---
package p
func f(s string) { s[0] = 1 } // ERROR 20 "cannot assign to s[0] (neither addressable nor a map index expression)"
//---
package p
type T struct{ a int }
func f(m map[int]T) { m[1].a = 2 } // ERROR 23 "cannot assign to struct field m[1].a in map"
//---
package p
func f() { a := 1; a := 2; _ = a } // ERROR 22 "no new variables on left side of :="
//---
package p
func f() { 1 := 1 } // ERROR 12 "non-name 1 on left side of :="
//---
package p
func f() { a.b := 1 } // ERROR 12 "undefined: a" ERROR 12 "non-name a.b on left side of :="
//---
package p
func f() { x := nil; _ = x } // ERROR 17 "use of untyped nil in assignment"
//---
package p
var x = nil // ERROR 9 "use of untyped nil in variable declaration"
//---
package p
func g(a int) {}
func f() { g("x") } // ERROR 14 "cannot use \"x\" (untyped string constant) as int value in argument to g"
//---
package p
func g(a, b int) {}
func f() { g(1) } // ERROR 14 "not enough arguments in call to g\n\thave (number)\n\twant (int, int)"
//---
package p
func g(a int) {}
func f() { g(1, 2) } // ERROR 17 "too many arguments in call to g\n\thave (number, number)\n\twant (int)"
//---
package p
func g(a ...int) {}
func f(s []string) { g(s...) } // ERROR 24 "cannot use s (variable of type []string) as []int value in argument to g"
//---
package p
func g(a int) {}
func f(s []int) { g(s...) } // ERROR 19 "cannot use ... in call to non-variadic g"
//---
package p
func f(a ...int, b int) {} // ERROR 10 "can only use ... with final parameter"
//---
package p
func f(a int) { a() } // ERROR 17 "invalid operation: cannot call a (variable of type int): int is not a function"
//---
package p
func g() {}
func f() { x := g(); _ = x } // ERROR 17 "g() (no value) used as value"
//---
package p
func g() (int, int)
func f() { _ = g() + 1 } // ERROR 16 "multiple-value g() (value of type (int, int)) in single-value context"
//---
package p
func f(a int) { a + 1 } // ERROR 17 "a + 1 (value of type int) is not used"
//---
package p
func f(s []int) { append(s, 1) } // ERROR 19 "append(s, 1) (value of type []int) is not used"
//---
package p
func f() { len("x") } // ERROR 12 "len(\"x\") (constant 1 of type int) is not used"
//---
package p
func f() { int(1) } // ERROR 12 "int(1) (constant 1 of type int) is not used"
//---
package p
func f() { func() {} } // ERROR 12 "func() {} (value of type func()) is not used"
//---
package p
func f() int { } // ERROR 16 "missing return"
//---
package p
func f(b bool) int { if b { return 1 } } // ERROR 40 "missing return"
//---
package p
func f() int { for { break } } // ERROR 30 "missing return"
//---
package p
func f(x int) int { switch x { case 1: return 1 } } // ERROR 51 "missing return"
//---
package p
func f() (int, error) { return 1 } // ERROR 32 "not enough return values\n\thave (number)\n\twant (int, error)"
//---
package p
func f() int { return 1, 2 } // ERROR 26 "too many return values\n\thave (number, number)\n\twant (int)"
//---
package p
func f() { return 1 } // ERROR 19 "too many return values\n\thave (number)\n\twant ()"
//---
package p
func f() (x int) { { x := 1; _ = x; return } } // ERROR 37 "result parameter x not in scope at return\n2:22: inner declaration of var x int"
//---
package p
type ptr undef // ERROR 10 "undefined: undef"
type T struct { a undef2 } // ERROR 19 "undefined: undef2"
func f(p ptr) *int { return (*int)(p) }
func g(p *bool, h func(), s string, t, u T) {
	*p && *p += true // ERROR 2 "invalid operation: operator + not defined on *p && *p (value of type bool)" ERROR 2 "cannot assign to *p && *p (neither addressable nor a map index expression)"
	h *= 2 // ERROR 2 "invalid operation: h *= 2 (mismatched types func() and untyped int)"
	"s" |= 1 // ERROR 2 "invalid operation: \"s\" |= 1 (mismatched types untyped string and untyped int)" ERROR 2 "cannot assign to \"s\" (neither addressable nor a map index expression)"
	t.a; u.a = u.a, t.a // ERROR 13 "assignment mismatch: 1 variable but 2 values"
	_ = t.a == nil
	s = 1 + "\xf4\x8f\xbf\xbf\u00a0e\u0301é" // ERROR 6 "invalid operation: 1 + \"\\xf4\\x8f\\xbf\\xbf\\u00a0e\\u0301é\" (mismatched types untyped int and untyped string)"
	s = -"\U0010ffff\ue000" // ERROR 7 "invalid operation: operator - not defined on \"\\U0010ffff\\ue000\" (untyped string constant)"
}
func h(s undef3) bool { // ERROR 10 "undefined: undef3"
	panic(s)
} // ERROR 1 "missing return"
func (b *[]Foo[X]) Init() {} // ERROR 16 "undefined: X"
type Foo[X any] struct{}
const w int = undef4 // ERROR 15 "undefined: undef4"
var a [w]byte // ERROR 8 "invalid array length w (constant unknown of type int)"
