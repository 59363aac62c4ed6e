package p
func f(a int, b string) { _ = a + b } // ERROR 31 "invalid operation: a + b (mismatched types int and string)"
//---
package p
func f(a, b bool) bool { return a + b } // ERROR 33 "invalid operation: operator + not defined on a (variable of type bool)"
//---
package p
func f(a int) bool { return !a } // ERROR 30 "invalid operation: operator ! not defined on a (variable of type int)"
//---
package p
func f(a string) string { return -a } // ERROR 35 "invalid operation: operator - not defined on a (variable of type string)"
//---
package p
func f(a float64) float64 { return a % 2 } // ERROR 36 "invalid operation: operator % not defined on a (variable of type float64)"
//---
package p
func f(s string) { s++ } // ERROR 20 "invalid operation: s++ (non-numeric type string)"
//---
package p
func f(a, b bool) bool { return a < b } // ERROR 33 "invalid operation: a < b (operator < not defined on bool)"
//---
package p
func f(a, b []int) bool { return a == b } // ERROR 34 "invalid operation: a == b (slice can only be compared to nil)"
//---
package p
func f(a, b map[int]int) bool { return a == b } // ERROR 40 "invalid operation: a == b (map can only be compared to nil)"
//---
package p
func f(a, b func()) bool { return a == b } // ERROR 35 "invalid operation: a == b (func can only be compared to nil)"
//---
package p
type T struct { f func() }
func f(a, b T) bool { return a == b } // ERROR 30 "invalid operation: a == b (struct containing func() cannot be compared)"
//---
package p
type T struct{ s []int }
func f(a, b T) bool { return a == b } // ERROR 30 "invalid operation: a == b (struct containing []int cannot be compared)"
//---
package p
func f(a int) bool { return a == nil } // ERROR 34 "invalid operation: a == nil (mismatched types int and untyped nil)"
//---
package p
type T struct{}
type I interface{ M() }
func f(a T, b I) bool { return a == b } // ERROR 37 "invalid operation: a == b (mismatched types T and I)"
//---
package p
func f(a int) { _ = *a } // ERROR 22 "invalid operation: cannot indirect a (variable of type int)"
//---
package p
func f() { _ = *nil } // ERROR 17 "invalid operation: cannot indirect nil"
//---
package p
func f() { _ = &1 } // ERROR 17 "invalid operation: cannot take address of 1 (untyped int constant)"
//---
package p
var f float64 = 1
var x = 1 << f // ERROR 14 "invalid operation: shift count f (variable of type float64) must be integer"
//---
package p
var x = 1 << -1 // ERROR 14 "invalid operation: negative shift count -1 (untyped int constant)"
//---
package p
var x = 1 / 0 // ERROR 13 "invalid operation: division by zero"
//---
package p
func f(a int) int { return a / 0 } // ERROR 32 "invalid operation: division by zero"
//---
package p
var a [3]int
var x = a[5] // ERROR 11 "invalid argument: index 5 out of bounds [0:3]"
//---
package p
func f(s []int) { _ = s[-1] } // ERROR 25 "invalid argument: index -1 (constant of type int) must not be negative"
//---
package p
func f(m map[string]int) { _ = m[1] } // ERROR 34 "cannot use 1 (untyped int constant) as string value in map index"
//---
package p
func f(s []int) { _ = s[1.5] } // ERROR 25 "1.5 (untyped float constant) truncated to int"
//---
package p
func f(s []int) { _ = s["a"] } // ERROR 25 "cannot convert \"a\" (untyped string constant) to type int"
//---
package p
func f(s int) { _ = s[0] } // ERROR 22 "cannot index s (variable of type int)"
//---
package p
func f(x int) { _ = x[1:2] } // ERROR 21 "cannot slice x (variable of type int)"
//---
package p
func f(x string) { _ = x[0:1:2] } // ERROR 30 "invalid operation: 3-index slice of string"
//---
package p
func f(x []int) { _ = x[2:1] } // ERROR 27 "invalid slice indices: 1 < 2"
//---
package p
func g() [3]int
func f() { _ = g()[:] } // ERROR 16 "cannot slice unaddressable value g() (value of type [3]int)"
//---
package p
var i int
var s = []int(i) // ERROR 15 "cannot convert i (variable of type int) to type []int"
//---
package p
func f(a float64) string { return string(a) } // ERROR 42 "cannot convert a (variable of type float64) to type string"
//---
package p
var x = uint8(300) // ERROR 15 "constant 300 overflows uint8"
//---
package p
var x = uint(-1) // ERROR 14 "constant -1 overflows uint"
//---
package p
var i interface{ m() }
func f[P int|float64, Q []int|string, R string|int](p P, q Q, r R) {
	_ = i == "x" // ERROR 11 "cannot convert \"x\" (untyped string constant) to type interface{m()}"
	_ = i == true // ERROR 11 "cannot convert true (untyped bool constant) to type interface{m()}"
	_ = i + "x" // ERROR 10 "cannot convert \"x\" (untyped string constant) to type interface{m()}"
	_ = p + 1.5 // ERROR 10 "cannot convert 1.5 (untyped float constant) to type P"
	_ = q + "a" // ERROR 6 "invalid operation: q + \"a\" (mismatched types Q and untyped string)"
	_ = q == nil // ERROR 11 "invalid operation: q == nil (mismatched types Q and untyped nil)"
	_ = r + 1 // ERROR 6 "invalid operation: r + 1 (mismatched types R and untyped int)"
	_ = r + "a" // ERROR 6 "invalid operation: r + \"a\" (mismatched types R and untyped string)"
	_ = p + "a" // ERROR 6 "invalid operation: p + \"a\" (mismatched types P and untyped string)"
	_ = p == 1.5 // ERROR 11 "cannot convert 1.5 (untyped float constant) to type P"
	_ = p < 1<<70 // ERROR 10 "cannot convert 1 << 70 (untyped int constant 1180591620717411303424) to type P"
	switch i {
	case "x", true, 1: // ERROR 7 "cannot convert \"x\" (untyped string constant) to type interface{m()}" ERROR 12 "cannot convert true (untyped bool constant) to type interface{m()}" ERROR 18 "cannot convert 1 (untyped int constant) to type interface{m()}"
	}
	var e interface{}
	_ = e == 1<<70 // ERROR 11 "1 << 70 (untyped int constant 1180591620717411303424) overflows int"
	_ = "x" == i // ERROR 6 "cannot convert \"x\" (untyped string constant) to type interface{m()}"
	_ = nil == 1 // ERROR 13 "invalid operation: nil == 1 (mismatched types untyped nil and untyped int)"
	_ = nil + nil // ERROR 6 "invalid operation: operator + not defined on nil"
	_ = nil == nil // ERROR 13 "invalid operation: nil == nil (operator == not defined on untyped nil)"
	_ = 1 == nil // ERROR 11 "invalid operation: 1 == nil (mismatched types untyped int and untyped nil)"
	var s struct{}
	_ = s == 1 // ERROR 11 "invalid operation: s == 1 (mismatched types struct{} and untyped int)"
	_ = s == "x" // ERROR 11 "invalid operation: s == \"x\" (mismatched types struct{} and untyped string)"
	i += 1 // ERROR 2 "invalid operation: i += 1 (mismatched types interface{m()} and untyped int)"
	i += "x" // ERROR 7 "cannot convert \"x\" (untyped string constant) to type interface{m()}"
	e += "x" // ERROR 2 "invalid operation: e += \"x\" (mismatched types interface{} and string)"
}
