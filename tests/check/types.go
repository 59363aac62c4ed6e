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
