// Programs with errors of syntax, and what Go's own compiler says. The format is described in
// tests/suite/syntax/cases.rs.

// CASE func f() { x := }
// ERROR "2:17: syntax error: unexpected }, expected expression"
package p
func f() { x := }
// CASE func f() { if x { }
// ERROR "3:1: syntax error: unexpected EOF, expected }"
package p
func f() { if x { }
// CASE func f( { }
// ERROR "2:9: syntax error: unexpected {, expected )"
package p
func f( { }
// CASE x := 1
// ERROR "2:1: syntax error: non-declaration statement outside function body"
package p
x := 1
// CASE func f() { for i := 0; i < 10; i++  { } }
// ERROR "2:36: syntax error: unexpected newline, expected { after for clause"
package p
func f() { for i := 0; i < 10; i++ 
{ } }
// CASE func f() { a := []int{1 } }
// ERROR "2:24: syntax error: unexpected newline in composite literal; possibly missing comma or }"
package p
func f() { a := []int{1
} }
// CASE func f() { x := []int{1, 2; }
// ERROR "2:27: syntax error: unexpected semicolon in composite literal; possibly missing comma or }"
package p
func f() { x := []int{1, 2; }
// CASE var x [3 int
// ERROR "2:10: syntax error: unexpected name int, expected ]"
package p
var x [3 int
// CASE func f() { g(1, 2 }
// ERROR "2:19: syntax error: unexpected } in argument list; possibly missing comma or )"
package p
func f() { g(1, 2 }
// CASE func f() { g()) }
// ERROR "2:15: syntax error: unexpected ) at end of statement"
package p
func f() { g()) }
// CASE func f() { g(a b) }
// ERROR "2:16: syntax error: unexpected name b in argument list; possibly missing comma or )"
package p
func f() { g(a b) }
// CASE type T struct { a, b }
// ERROR "2:22: syntax error: unexpected }, expected type"
package p
type T struct { a, b }
// CASE func f(a int, string) {}
// ERROR "2:21: syntax error: missing parameter type"
package p
func f(a int, string) {}
// CASE var func = 1
// ERROR "2:5: syntax error: unexpected keyword func, expected name"
package p
var func = 1
// CASE func f() { x int }
// ERROR "2:14: syntax error: unexpected name int at end of statement"
package p
func f() { x int }
// CASE func f() { while true { } }
// ERROR "2:18: syntax error: unexpected name true at end of statement"
package p
func f() { while true { } }
// CASE func f(x bool) int { return x ? 1 : 2 }
// ERROR "2:31: invalid character U+003F '?'"
// ERROR "2:33: syntax error: unexpected literal 1 at end of statement"
package p
func f(x bool) int { return x ? 1 : 2 }
// CASE func f(x int) { y := x++ }
// ERROR "2:23: syntax error: unexpected ++ at end of statement"
package p
func f(x int) { y := x++ }
// CASE func f(x int) { if x = 1 { } }
// ERROR "2:22: syntax error: cannot use assignment x = 1 as value"
package p
func f(x int) { if x = 1 { } }
// CASE func f() { if { } }
// ERROR "2:15: syntax error: missing condition in if statement"
package p
func f() { if { } }
// CASE type T struct{} func f() { if T{} == T{} { } }
// ERROR "3:19: syntax error: unexpected == at end of statement"
package p
type T struct{}
func f() { if T{} == T{} { } }
// CASE func f() { if true { } else { } }
// ERROR "3:1: syntax error: unexpected keyword else, expected }"
package p
func f() { if true { }
else { } }
// CASE func f() { for var i = 0; i < 1; i++ { } }
// ERROR "2:20: syntax error: var declaration not allowed in for initializer"
package p
func f() { for var i = 0; i < 1; i++ { } }
// CASE func f() { }
// ERROR "3:1: syntax error: unexpected semicolon or newline before {"
package p
func f()
{ }
// CASE var x <-int
// ERROR "2:9: syntax error: unexpected name int, expected keyword chan"
package p
var x <-int
// CASE const x := 1
// ERROR "2:9: syntax error: unexpected :=, expected ="
package p
const x := 1
// CASE if true { }
// ERROR "2:1: syntax error: non-declaration statement outside function body"
package p
if true { }
// CASE package q
// ERROR "2:1: syntax error: non-declaration statement outside function body"
package p
package q
// CASE var x = 1 import "os"
// ERROR "3:1: syntax error: imports must appear before other declarations"
package p
var x = 1
import "os"
// CASE import os
// ERROR "2:10: syntax error: missing import path"
package p
import os
// CASE func f() {}              (line 1: this file has no package c
// ERROR "1:1: syntax error: package statement must be first"
func f() {}
// CASE func f(a ...int, b int) {}
// ERROR "2:10: can only use ... with final parameter"
package p
func f(a ...int, b int) {}
// CASE func g() func f() { defer (g()) }
// ERROR "3:18: expression in defer must not be parenthesized"
package p
func g()
func f() { defer (g()) }
// CASE type I interface { M[T any]() }
// ERROR "2:21: interface method must have no type parameters"
package p
type I interface { M[T any]() }
