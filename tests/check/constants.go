package p
var x int8 = 300 // ERROR 14 "cannot use 300 (untyped int constant) as int8 value in variable declaration (overflows)"
//---
package p
const c = 1 << 63
var x int = c // ERROR 13 "cannot use c (untyped int constant 9223372036854775808) as int value in variable declaration (overflows)"
//---
package p
var x int = 1.5 // ERROR 13 "cannot use 1.5 (untyped float constant) as int value in variable declaration (truncated)"
//---
package p
var x int32 = 1 << 40 // ERROR 15 "cannot use 1 << 40 (untyped int constant 1099511627776) as int32 value in variable declaration (overflows)"
//---
package p
var x rune = 1 << 40 // ERROR 14 "cannot use 1 << 40 (untyped int constant 1099511627776) as rune value in variable declaration (overflows)"
//---
package p
const x = 1 << 600 // ERROR 13 "constant shift overflow"
//---
package p
var x float32 = 1e100 // ERROR 17 "cannot use 1e100 (untyped float constant 1e+100) as float32 value in variable declaration (overflows)"
