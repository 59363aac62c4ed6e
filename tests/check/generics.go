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
