package p
type I interface{ M() }
type T struct{}
var _ I = T{} // ERROR 11 "cannot use T{} (value of struct type T) as I value in variable declaration: T does not implement I (missing method M)"
//---
package p
type I interface{ M() }
type T struct{}
func (*T) M() {}
var _ I = T{} // ERROR 11 "cannot use T{} (value of struct type T) as I value in variable declaration: T does not implement I (method M has pointer receiver)"
//---
package p
type I interface{ M() }
type T struct{}
func (T) M(int) {}
var _ I = T{} // ERROR 11 "cannot use T{} (value of struct type T) as I value in variable declaration: T does not implement I (wrong type for method M)\n\t\thave M(int)\n\t\twant M()"
//---
package p
type I interface{ M() }
type T struct{}
func (T) M() {}
func f(p *I) { var t T; *p = &t; p = &t } // ERROR 38 "cannot use &t (value of type *T) as *I value in assignment: *T does not implement *I (type *I is pointer to interface, not interface)"
//---
package p
type I interface{ M(); M() } // ERROR 24 "duplicate method M\n2:19: other declaration of method M"
//---
package p
type A interface{ M() }
type B interface{ M(int) }
type C interface{ A; B } // ERROR 22 "duplicate method M\n4:19: other declaration of method M"
//---
package p
import "io"
type T struct{}
func f(r io.Reader) { _ = r.(T) } // ERROR 27 "impossible type assertion: r.(T)\n\tT does not implement io.Reader (missing method Read)"
//---
package p
func f(s int) { _ = s.(int) } // ERROR 21 "invalid operation: s (variable of type int) is not an interface"
//---
package p
type I interface { M[T any]() } // ERROR 21 "interface method must have no type parameters"
//---
package p
type I interface{ int }
var x I // ERROR 7 "cannot use type I outside a type constraint: interface contains type constraints"
//---
package p
func f(x comparable) {} // ERROR 10 "cannot use type comparable outside a type constraint: interface is (or embeds) comparable"
