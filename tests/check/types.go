package p
type T struct { t T } // ERROR 6 "invalid recursive type: T refers to itself"
//---
package p
type T = T // ERROR 6 "invalid recursive type: T refers to itself"
//---
package p
type A = B // ERROR 6 "invalid recursive type A\n2:6: A refers to B\n3:6: B refers to A"
type B = A
//---
package p
type T [len(x)]int // ERROR 6 "invalid recursive type T\n2:6: T refers to x\n3:5: x refers to T"
var x T
//---
package p
type I interface{ I } // ERROR 6 "invalid recursive type: I refers to itself"
//---
package p
var n = 3
var a [n]int // ERROR 8 "invalid array length n"
//---
package p
var a [-1]int // ERROR 8 "invalid array length -1 (untyped int constant)"
//---
package p
var x [...]int // ERROR 7 "invalid use of [...] array (outside a composite literal)"
//---
package p
var m map[[]int]int // ERROR 11 "invalid map key type []int"
//---
package p
type T struct{ a int; a string } // ERROR 23 "a redeclared\n2:16: other declaration of a"
//---
package p
type I interface{}
type T struct{ *I } // ERROR 16 "embedded field type cannot be a pointer to an interface"
//---
package p
type P *int
type T struct{ P } // ERROR 16 "embedded field type cannot be a pointer"
//---
package p
type T struct{ a int }
func f(t T) { _ = t.b } // ERROR 21 "t.b undefined (type T has no field or method b)"
//---
package p
type T struct{ Foo int }
func f(t T) { _ = t.foo } // ERROR 21 "t.foo undefined (type T has no field or method foo, but does have field Foo)"
//---
package p
type T struct{ M int }
func (T) M() {} // ERROR 10 "field and method with the same name M\n2:16: other declaration of M"
//---
package p
type A struct{ x int }
type B struct{ x int }
type C struct{ A; B }
func f(c C) { _ = c.x } // ERROR 21 "ambiguous selector c.x"
//---
package p
type T struct{}
func (T) M() {}
func (T) M() {} // ERROR 10 "method T.M already declared at 3:10"
//---
package p
func (int) M() {} // ERROR 7 "cannot define new methods on non-local type int"
//---
package p
import "os"
func (os.File) M() {} // ERROR 7 "cannot define new methods on non-local type os.File"
//---
package p
type I interface{}
func (I) M() {} // ERROR 7 "invalid receiver type I (pointer or interface type)"
//---
package p
type T struct{}
func (**T) M() {} // ERROR 8 "invalid receiver type **T"
//---
package p
type T struct{}
func (*T) M() {}
func f() { T{}.M() } // ERROR 16 "cannot call pointer method M on T"
//---
package p
type T struct{}
func (*T) M() {}
var x = T.M // ERROR 11 "invalid method expression T.M (needs pointer receiver (*T).M)"
//---
package p
type I interface{ M() }
func f(p *I) { p.M() } // ERROR 18 "p.M undefined (type *I is pointer to interface, not interface)"
//---
package p
var t struct{ _ int }
var _ = t._ // ERROR 11 "t._ undefined (type struct{_ int} has no field or method _)"
var _ = int(1e100) // ERROR 13 "cannot convert 1e100 (untyped float constant 10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000) to type int"
var _ = int8(complex128(1000)) // ERROR 14 "cannot convert complex128(1000) (constant 1000 of type complex128) to type int8"
const _ int64 = 1e-1000 // ERROR 17 "cannot use 1e-1000 (untyped float constant) as int64 value in constant declaration (truncated)"
const _ int64 = 1.5e-1000 // ERROR 17 "cannot use 1.5e-1000 (untyped float constant) as int64 value in constant declaration (truncated)"
func f(x int, y uint) {}
func g() ([]int, float64) { return nil, 0 }
func h(s []int) {
	_ = s[2:3:1] // ERROR 12 "invalid slice indices: 1 < 2"
	f(2, 3 < "x", 10) // ERROR 11 "invalid operation: 3 < \"x\" (mismatched types untyped int and untyped string)" ERROR 16 "too many arguments in call to f\n\thave (number, number, number)\n\twant (int, uint)"
	_ = append(g()) // ERROR 13 "cannot use 2nd function result (value of type float64) as int value in argument to append"
	switch s[0] {
	case int(10), int(5*2): // ERROR 16 "duplicate case int(5 * 2) (constant 10 of type int) in expression switch\n15:10: previous case"
	case 10: // ERROR 7 "duplicate case 10 (constant of type int) in expression switch\n15:10: previous case"
	}
}
type A = struct{}
type I = interface{ w(); r() }
var _ I = A{} // ERROR 11 "cannot use A{} (value of struct type A) as I value in variable declaration: struct{} does not implement interface{r(); w()} (missing method r)"
var _ = interface{ w(); r() }(A{}) // ERROR 31 "cannot convert A{} (value of struct type A) to type interface{r(); w()}: struct{} does not implement interface{r(); w()} (missing method r)"
type D1 struct { d int }
type D2 struct { d int }
type S struct { D1; D2 }
var _ = S{}.D // ERROR 13 "S{}.D undefined (type S has no field or method D)"
func b[T byte]() T { return T(256) } // ERROR 31 "cannot convert 256 (untyped int value) to type T: constant 256 overflows byte (in T)"
type U interface { I; r() }
type V interface { I; r(int) } // ERROR 20 "duplicate method r\n29:23: other declaration of method r"
//---
package p
import "os"
func less(e len) bool { return e < e.(e) } // ERROR 13 "len (built-in function) is not a type"
type Map[K comparable, V any] struct { m map[K]V }
func NewMap[K Map, V any]() Map[K, V] { // ERROR 15 "cannot use generic type Map[K comparable, V any] without instantiation" ERROR 33 "K does not satisfy comparable"
	return Map[K, V]{m: map[K]V{}} // ERROR 13 "K does not satisfy comparable" ERROR 26 "invalid map key type K (missing comparable constraint)"
}
type Q *T2 // ERROR 9 "undefined: T2"
func g(h int, ch chan int) {
	var q Q
	_ = (*q).x
	_ = h >> nil // ERROR 11 "cannot convert nil to type uint"
	var a [3]A // ERROR 11 "undefined: A"
	if a[1.5] != 0 { // ERROR 7 "1.5 (untyped float constant) truncated to int"
	}
	_ = M{ // ERROR 6 "undefined: M"
		1: {}, // ERROR 6 "missing type in composite literal"
		2: {}, // ERROR 6 "missing type in composite literal"
	}
	_ = [1]*_{{}} // ERROR 10 "cannot use _ as value or type"
	n := 1 // ERROR 2 "declared and not used: n"
	callers := g[:n] // ERROR 2 "declared and not used: callers" ERROR 13 "cannot slice g (value of type func(h int, ch chan int))"
	select {
	case _ = (&ch): // ERROR 7 "select case must be send or receive (possibly with assignment)"
		callers = undef
	case *ch: // ERROR 7 "select case must be send or receive (possibly with assignment)"
	}
	h, _ = i.(error) // ERROR 9 "undefined: i"
	g(1, ch)() // ERROR 2 "g(1, ch) (no value) used as value or type"
	main.x() // ERROR 2 "undefined: main"
	_ = os.nothing // ERROR 9 "undefined: os.nothing"
}
type T2x interface { m() }
func (t T2x) f() int { return int(t) + h } // ERROR 9 "invalid receiver type T2x (pointer or interface type)" ERROR 35 "cannot convert t (variable of interface type T2x) to type int" ERROR 40 "undefined: h"
const (
	h0_0 h0_1 = 1 // ERROR 7 "undefined: h0_1"
	h1_0
)
type I interface { S() }
var _ = I(&S{}).M // ERROR 12 "undefined: S" ERROR 17 "I(&S{}).M undefined (type I has no field or method M)"
type Shop[T ~message] struct{} // ERROR 14 "undefined: message"
var _ Shop[string]
