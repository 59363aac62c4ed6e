package p
type T struct{ a, b int }
var t = T{1} // ERROR 12 "too few values in struct literal of type T"
//---
package p
type T struct{ a int }
var t = T{1, 2} // ERROR 14 "too many values in struct literal of type T"
//---
package p
type T struct{ a, b int }
var t = T{a: 1, 2} // ERROR 17 "mixture of field:value and value elements in struct literal"
//---
package p
type T struct{ a int }
var t = T{b: 1} // ERROR 11 "unknown field b in struct literal of type T"
//---
package p
var m = map[string]int{"a": 1, "a": 2} // ERROR 32 "duplicate key \"a\" in map literal"
//---
package p
var a = []int{0: 1, 0: 2} // ERROR 21 "duplicate index 0 in array or slice literal"
//---
package p
var a = []int{"x": 1} // ERROR 15 "cannot convert \"x\" (untyped string constant) to type int"
//---
package p
var a = [2]int{1, 2, 3} // ERROR 22 "index 2 is out of bounds (>= 2)"
//---
package p
type A struct{ x int }
type B struct{ A }
var b = B{A: A{}, x: 1} // ERROR 19 "cannot specify promoted field x and enclosing embedded field A"
//---
package p
type A struct{ x int }
type B struct{ *A }
var b = B{x: 1} // ERROR 11 "invalid implicit pointer indirection to reach x"
//---
package p
var x []int = [...]int{1} // ERROR 15 "cannot use [...]int{…} (value of type [1]int) as []int value in variable declaration"
