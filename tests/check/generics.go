package p
type G[T any] struct{}
var x G // ERROR 7 "cannot use generic type G[T any] without instantiation"
//---
package p
type T struct{}
var x T[int] // ERROR 7 "invalid operation: T[int] (T is not a generic type)"
//---
package p
func g() {}
func f() { g[int]() } // ERROR 13 "cannot index g (value of type func())"
//---
package p
type G[T any] struct{}
var x G[int, int] // ERROR 7 "too many type arguments for type G: have 2, want 1"
//---
package p
func g[A, B any]() {}
func f() { g[int]() } // ERROR 18 "in call to g[int], cannot infer B (declared at 2:11)"
//---
package p
func g[T any]() {}
func f() { g() } // ERROR 13 "in call to g, cannot infer T (declared at 2:8)"
//---
package p
func g[T any](a, b T) {}
func f() { g(1, "s") } // ERROR 17 "in call to g, mismatched types untyped int and untyped string (cannot infer T)"
//---
package p
func g[K comparable, V any](m map[K]V) {}
func f() { g(1) } // ERROR 13 "in call to g, cannot infer K (declared at 2:8)"
//---
package p
func g[T any](T) {}
var x = g // ERROR 9 "cannot use generic function g without instantiation"
//---
package p
func g[T comparable](T) {}
func f() { g([]int{}) } // ERROR 13 "[]int does not satisfy comparable"
//---
package p
func g[T interface{ ~int }](T) {}
func f() { g("s") } // ERROR 13 "string does not satisfy interface{~int} (string missing in ~int)"
//---
package p
func g[T interface{ M() }](T) {}
func f() { g(1) } // ERROR 13 "int does not satisfy interface{M()} (missing method M)"
//---
package p
func g[T interface{ int; string }]() {}
func f() { g[int]() } // ERROR 14 "cannot satisfy interface{int; string} (empty type set)"
//---
package p
func f[T any](a, b T) bool { return a == b } // ERROR 37 "invalid operation: a == b (incomparable types in type set)"
//---
package p
func f[T any](a, b T) T { return a + b } // ERROR 34 "invalid operation: operator + not defined on a (variable of type T constrained by any)"
//---
package p
func f[T []int | map[int]int](a T) { a[0] = 1; for range a {} ; _ = a[1:2] } // ERROR 39 "cannot index a (variable of type T constrained by []int | map[int]int)" ERROR 58 "cannot range over a (variable of type T constrained by []int | map[int]int): []int and map[int]int have different underlying types" ERROR 69 "cannot slice a (variable of type T constrained by []int | map[int]int): []int and map[int]int have different underlying types"
//---
package p
func f[T any](a T) { switch a.(type) {} } // ERROR 29 "cannot use type switch on type parameter value a (variable of type T constrained by any)"
//---
package p
type T[P any] P // ERROR 15 "cannot use a type parameter as RHS in type declaration"
//---
package p
type T[P any] struct{ P } // ERROR 23 "embedded field type cannot be a (pointer to a) type parameter"
//---
package p
type G[T any] struct{}
func (G) M() {} // ERROR 7 "cannot use generic type G[T any] without instantiation"
//---
package p
type G[T any] struct{}
func (G[int, string]) M() {} // ERROR 7 "receiver declares 2 type parameters, but receiver base type declares 1"
//---
package p
type T struct{}
func (T) M[P any](p P) {}
func f() { T{}.M[int]("x") } // ERROR 23 "cannot use \"x\" (untyped string constant) as int value in argument to T{}.M[int]"
//---
package p
type C interface{ int | interface{ M() } } // ERROR 25 "cannot use interface{M()} in union (interface{M()} contains methods)"
//---
package p
type C interface{ ~error } // ERROR 19 "invalid use of ~ (error is an interface)"
//---
package p
type M int
type C interface{ ~M } // ERROR 19 "invalid use of ~ (underlying type of M is int)"
//---
package p
type C interface{ int | ~int } // ERROR 25 "overlapping terms ~int and int"
//---
package p
type T[P] struct{} // ERROR 8 "undefined array length P or missing type constraint"
//---
package p
func g[T any](x []T) T // ERROR 6 "generic function is missing function body"
func f() { _ = g([]int{}) + "x" } // ERROR 16 "invalid operation: g([]int{}) + \"x\" (mismatched types int and untyped string)"
//---
package p

type shape interface{ Area() int }

func as[T any](s shape) (t T, ok bool) {
	if t, ok = s.(T); ok {
		return
	}
	switch s.(type) {
	case T:
	}
	return
}
//---
package p
type Z20 interface{ Z20 } // ERROR 6 "invalid recursive type: Z20 refers to itself"
func F20[t Z20]() { F20(t{}) } // ERROR 25 "invalid composite literal type t (no common underlying type)" ERROR 25 "too many arguments in call to F20\n\thave (unknown type)\n\twant ()"
func F21[t undef]() { _ = t{}; var x t; x() } // ERROR 12 "undefined: undef" ERROR 27 "invalid composite literal type t (no common underlying type)"
func F22[t any]() { _ = t{}; var x t; x() } // ERROR 25 "invalid composite literal type t (no common underlying type)" ERROR 39 "invalid operation: cannot call x (variable of type t constrained by any): no specific type"
type R int
func g[P []byte](p string) {
	_ = (*P)(p) // ERROR 11 "cannot convert p (variable of type string) to type *P: string does not implement *P (type *P is pointer to type parameter, not type parameter)"
	_ = (*R)(p) // ERROR 11 "cannot convert p (variable of type string) to type *R"
	_ = (*int)(p) // ERROR 13 "cannot convert p (variable of type string) to type *int"
	_ = (*P)(&p) // ERROR 11 "cannot convert &p (value of type *string) to type *P: *string does not implement *P (type *P is pointer to type parameter, not type parameter)"
	_ = (P)(&p) // ERROR 10 "cannot convert &p (value of type *string) to type P: cannot convert *string to type []byte (in P)\n\tcannot assign *string to []byte (in P)"
	var q *P
	_ = (*int)(q) // ERROR 13 "cannot convert q (variable of type *P) to type *int"
}
func (Set[a, a]) m() {} // ERROR 14 "a redeclared in this block\n16:11: other declaration of a"
type Set[x, y any] struct{}
var c complex128 = 1 + 0i
var s string = 1 + 0i // ERROR 16 "cannot use 1 + 0i (untyped complex constant (1 + 0i)) as string value in variable declaration"
var m = map[complex128]int{ 1: 2, 1 + 0i: 3} // ERROR 35 "duplicate key (1 + 0i) in map literal"
var m2 = map[interface{}]int{ 1+0i: 2, 1 + 0i: 3} // ERROR 40 "duplicate key (1 + 0i) in map literal"
var m3 = map[int]int{ 1+0i: 2, 1 + 0i: 3} // ERROR 32 "duplicate key 1 in map literal"
type C = *D[int]
type D[P any] = E
type E struct{}
func (C) m() {} // ERROR 7 "cannot define new methods on instantiated type D[int]"
func (*C) m() {} // ERROR 8 "cannot define new methods on instantiated type D[int]"
func (D[P]) m() {} // ERROR 7 "cannot define new methods on generic alias type D[P any]"
type Bad [undef]int // ERROR 11 "undefined array length undef or missing type constraint"
var _ = len(Bad{}) + cap(Bad{})
func ints[int any](x int) { x = 0; var y int = x + "a"; _ = y } // ERROR 33 "cannot use 0 (untyped int constant) as int /* with int declared at 31:11 */ value in assignment" ERROR 48 "invalid operation: x + \"a\" (mismatched types int /* with int declared at 31:11 */ and untyped string)"
func (s Set[string, _]) n(x string) { x = 1; s.n(2) } // ERROR 43 "cannot use 1 (untyped int constant) as string /* with string declared at 32:13 */ value in assignment" ERROR 50 "cannot use 2 (untyped int constant) as string /* with string declared at 32:13 */ value in argument to s.n"
