package p
func f() { break } // ERROR 12 "break is not in a loop, switch, or select"
//---
package p
func f() { continue } // ERROR 12 "continue is not in a loop"
//---
package p
func f() { for { break L } } // ERROR 24 "break label not defined: L"
//---
package p
func f() { L: if true { for { continue L } } } // ERROR 40 "invalid continue label L"
//---
package p
func f() { L: for {} } // ERROR 12 "label L defined and not used"
//---
package p
func f() { L: for { break L }; L: for { break L } } // ERROR 32 "label L already defined at 2:12" ERROR 47 "invalid break label L"
//---
package p
func f() { goto L; x := 1; _ = x; L: } // ERROR 17 "goto L jumps over declaration of x at 2:22"
//---
package p
func f() { goto L; { L: } } // ERROR 17 "goto L jumps into block starting at 2:20"
//---
package p
func f(i int) { switch i { case 1: fallthrough } } // ERROR 36 "cannot fallthrough final case in switch"
//---
package p
func f(i any) { switch i.(type) { case int: fallthrough; default: } } // ERROR 45 "cannot fallthrough in type switch"
//---
package p
func f() { fallthrough } // ERROR 12 "fallthrough statement out of place"
//---
package p
func f(x int) { if x { } } // ERROR 20 "non-boolean condition in if statement"
//---
package p
func f(x int) { for x { } } // ERROR 21 "non-boolean condition in for statement"
//---
package p
func f(i int) { switch i { case 1: case 1: } } // ERROR 41 "duplicate case 1 (constant of type int) in expression switch\n2:33: previous case"
//---
package p
func f(x int) { switch x { case "a": } } // ERROR 33 "cannot convert \"a\" (untyped string constant) to type int"
//---
package p
func f(x int) { switch x { default: default: } } // ERROR 37 "multiple defaults (first at 2:28)"
//---
package p
func f(x int) { switch x // ERROR 24 "x (variable of type int) is not used"
{ } }
//---
package p
func f(i int) { switch i.(type) {} } // ERROR 24 "i (variable of type int) is not an interface"
//---
package p
func f(x any) { switch x.(type) { case int: case int: } } // ERROR 50 "duplicate case int in type switch\n2:40: previous case"
//---
package p
type T struct{}
type I interface{ M() }
func f(x I) { switch x.(type) { case T: } } // ERROR 38 "impossible type switch case: T\n\tx (variable of interface type I) cannot have dynamic type T (missing method M)"
//---
package p
func f(s any) { _ = s.(type) } // ERROR 21 "invalid syntax tree: use of .(type) outside type switch"
//---
package p
func f(x int) { select { case x > 1: } } // ERROR 33 "select case must be send or receive (possibly with assignment)"
//---
package p
func f() { for range 1.5 {} } // ERROR 22 "cannot range over 1.5 (untyped float constant)"
//---
package p
func f(g func(int)) { for range g {} } // ERROR 33 "cannot range over g (variable of type func(int)): func must be func(yield func(...) bool): argument is not func"
//---
package p
func f(g func(func(int) bool)) { for a, b := range g { _, _ = a, b } } // ERROR 41 "range over g (variable of type func(func(int) bool)) permits only one iteration variable"
//---
package p
func f(c chan int) { for a, b := range c { _, _ = a, b } } // ERROR 29 "range over c (variable of type chan int) permits only one iteration variable"
//---
package p
func f() { for a, b := range 10 { _, _ = a, b } } // ERROR 19 "range over 10 (untyped int constant) permits only one iteration variable"
//---
package p
func f(c chan<- int) { for range c { } } // ERROR 34 "cannot range over c (variable of type chan<- int): receive from send-only channel chan<- int"
//---
package p
func f(c chan<- int) { <-c } // ERROR 26 "invalid operation: cannot receive from send-only channel chan<- int c (variable of type chan<- int)"
//---
package p
func f(c <-chan int) { c <- 1 } // ERROR 24 "invalid operation: cannot send to receive-only channel <-chan int c (variable of type <-chan int)"
//---
package p
func f(x int) { <-x } // ERROR 19 "invalid operation: cannot receive from non-channel int x (variable of type int)"
//---
package p
func f(x int) { x <- 1 } // ERROR 17 "invalid operation: cannot send to non-channel int x (variable of type int)"
//---
package p
func f(c chan int) { c <- "x" } // ERROR 27 "cannot use \"x\" (untyped string constant) as int value in send"
//---
package p
func f() { defer recover; } // ERROR 18 "expression in defer must be function call"
//---
package p
func g()
func f() { defer (g()) } // ERROR 18 "expression in defer must not be parenthesized"
//---
package p
func f() { defer len("x") } // ERROR 18 "defer discards result of len(\"x\") (constant 1 of type int)"
//---
package p
func f() { go 1 } // ERROR 15 "expression in go must be function call"
//---
//go:build go1.21

package p
func f() { for range 10 {} } // ERROR 22 "cannot range over 10 (untyped int constant): requires go1.22 or later (file declares //go:build go1.21)"
//---
package p
import ("fmt"; "unsafe"; "os") // ERROR 9 "\"fmt\" imported and not used"
type A [unsafe.Sizeof(undef)]*byte // ERROR 23 "undefined: undef"
func (r A) V() byte { return *r[0] }
func g(panic int) { panic(fmt.Sprintf("x", y)) } // ERROR 21 "invalid operation: cannot call panic (variable of type int): int is not a function"
func f(x []byte) undef2 { return nil } // ERROR 18 "undefined: undef2"
func h() {
	if f(nil) { // ERROR 5 "non-boolean condition in if statement"
	}
	&println("x") // ERROR 3 "println(\"x\") (no value) used as value"
	h(os.File) // ERROR 4 "os.File (type) is not an expression" ERROR 4 "too many arguments in call to h\n\thave (os.File)\n\twant ()"
	switch i := (interface{})(1<<70); i.(type) { case nil: _ = i } // ERROR 28 "1 << 70 (untyped int constant 1180591620717411303424) overflows int"
	var list func()
	for _, fn = range list { // ERROR 20 "cannot range over list (variable of type func()): func must be func(yield func(...) bool): wrong argument count"
	}
	for 1, v := range []int{} { _ = v } // ERROR 6 "invalid syntax tree: cannot declare 1"
	e := !recover() // ERROR 8 "invalid operation: operator ! not defined on recover() (value of type interface{})"
	_ = e
	_ = unsafe.Offsetof(s.new) // ERROR 22 "invalid argument: struct{f int} has no single field new"
	_ = any(1<<70) // ERROR 10 "1 << 70 (untyped int constant 1180591620717411303424) overflows int"
}
var s struct{ f int }
func G[E any](s []E, s func(E) bool) { for range s {} } // ERROR 22 "s redeclared in this block\n23:15: other declaration of s"
func (q *v[T]) Push(v ...T) T { return v[0] } // ERROR 10 "undefined: v"
func (q *w[T, U]) Push(v ...T) U { return v[0] } // ERROR 10 "receiver declares 2 type parameters, but receiver base type declares 1"
type w[T any] struct{}
type t struct { a [20]int 1.5; b int 'x' } // ERROR 27 "invalid syntax tree: incorrect tag syntax: \"1.5\"" ERROR 38 "invalid syntax tree: incorrect tag syntax: \"'x'\""
