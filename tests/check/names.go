package p
func f() { x = 1 } // ERROR 12 "undefined: x"
//---
package p
func f() {}
func f() {} // ERROR 6 "f redeclared in this block\n2:6: other declaration of f"
//---
package p
const a = 1
const a = 2 // ERROR 7 "a redeclared in this block\n2:7: other declaration of a"
//---
package p
func f(a int, a string) {} // ERROR 15 "a redeclared in this block\n2:8: other declaration of a"
//---
package p
func f() { x := 1 } // ERROR 12 "declared and not used: x"
//---
package p
func f() { x, y := 1, 2; _ = y } // ERROR 12 "declared and not used: x"
//---
package p
func f() { x := 1; x = 2 } // ERROR 12 "declared and not used: x"
//---
package p
func f(x any) { switch y := x.(type) { case int: } } // ERROR 24 "y declared and not used"
//---
package p
func f() { x := _ } // ERROR 12 "declared and not used: x" ERROR 17 "cannot use _ as value or type"
//---
package p
var x = _ // ERROR 9 "cannot use _ as value or type"
//---
package p
func f() { init() } // ERROR 12 "undefined: init"
func init() {}
//---
package p
func init(a int) {} // ERROR 6 "func init must have no arguments and no return values"
//---
package p
var x = iota // ERROR 9 "cannot use iota outside constant declaration"
//---
package p
var x = x // ERROR 5 "initialization cycle: x refers to itself"
//---
package p
var a = b // ERROR 5 "initialization cycle for a\n2:5: a refers to b\n3:5: b refers to a"
var b = a
//---
package p
var x = f() // ERROR 5 "initialization cycle for x\n2:5: x refers to f\n3:6: f refers to x"
func f() int { return x }
//---
package p
const c // ERROR 7 "missing init expr for c"
//---
package p
func g() int
const c = g() // ERROR 11 "g() (value of type int) is not constant"
//---
package p
const c []int = nil // ERROR 9 "invalid constant type []int"
//---
package p
const c int = 1.5 // ERROR 15 "cannot use 1.5 (untyped float constant) as int value in constant declaration (truncated)"
//---
package p
var x = 1
var y x // ERROR 7 "x (package-level variable) is not a type"
//---
package p
func f() { _ = int } // ERROR 16 "int (type) is not an expression"
//---
package p
import "os" // ERROR 8 "\"os\" imported and not used"
var x = os // ERROR 9 "use of package os not in selector"
