package p
func f() { _ = len(5) } // ERROR 20 "invalid argument: 5 (untyped int constant) for built-in len"
//---
package p
func f(m map[int]int) { _ = cap(m) } // ERROR 33 "invalid argument: m (variable of type map[int]int) for built-in cap"
//---
package p
func f() { _ = make([]int) } // ERROR 16 "invalid operation: make([]int) expects 2 or 3 arguments; found 1"
//---
package p
func f() { _ = make(int) } // ERROR 21 "invalid argument: cannot make int: type must be slice, map, or channel"
//---
package p
func f() { _ = make([]int, 5, 3) } // ERROR 28 "invalid argument: length and capacity swapped"
//---
package p
func f() { _ = new() } // ERROR 16 "invalid operation: not enough arguments for new() (expected 1, found 0)"
//---
package p
func f(s []int) []int { return append(s, "x") } // ERROR 42 "cannot use \"x\" (untyped string constant) as int value in argument to append"
//---
package p
func f(s int) []int { return append(s, 1) } // ERROR 37 "invalid append: argument must be a slice; have s (variable of type int)"
//---
package p
func f(a []int, b []string) { copy(a, b) } // ERROR 36 "invalid copy: arguments a (variable of type []int) and b (variable of type []string) have different element types int and string"
//---
package p
func f(m map[string]int) { delete(m, 1) } // ERROR 38 "cannot use 1 (untyped int constant) as string value in argument to delete"
//---
package p
func f(c <-chan int) { close(c) } // ERROR 30 "invalid operation: cannot close receive-only channel c (variable of type <-chan int)"
//---
package p
func f(x int) { clear(x) } // ERROR 23 "invalid argument: cannot clear x (variable of type int): argument must be (or constrained by) map or slice"
//---
package p
var x = min(1, "a") // ERROR 16 "invalid argument: mismatched types untyped int (previous argument) and untyped string (type of \"a\")"
//---
package p
var x = complex(1, "a") // ERROR 17 "invalid operation: complex(1, \"a\") (mismatched types untyped float and untyped string)"
//---
package p
import "unsafe"
var x = unsafe.Offsetof(1) // ERROR 25 "invalid argument: 1 is not a selector expression"
