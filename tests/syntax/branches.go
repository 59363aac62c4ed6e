// Programs with errors in labels and branch statements, and what Go's own compiler says. The format is described in
// tests/suite/syntax/cases.rs.

// CASE func f() { break }
// ERROR "2:12: break is not in a loop, switch, or select"
package p
func f() { break }
// CASE func f() { continue }
// ERROR "2:12: continue is not in a loop"
package p
func f() { continue }
// CASE func f() { for { break L } }
// ERROR "2:24: break label not defined: L"
package p
func f() { for { break L } }
// CASE func f() { L: if true { for { continue L } } }
// ERROR "2:40: invalid continue label L"
package p
func f() { L: if true { for { continue L } } }
// CASE func f() { L: for {} }
// ERROR "2:12: label L defined and not used"
package p
func f() { L: for {} }
// CASE func f() { L: for { break L }; L: for { break L } }
// ERROR "2:32: label L already defined at FILE:2:12"
// ERROR "2:47: invalid break label L"
package p
func f() { L: for { break L }; L: for { break L } }
// CASE func f() { goto L; x := 1; _ = x; L: }
// ERROR "2:17: goto L jumps over declaration of x at FILE:2:22"
package p
func f() { goto L; x := 1; _ = x; L: }
// CASE func f() { goto L; { L: } }
// ERROR "2:17: goto L jumps into block starting at FILE:2:20"
package p
func f() { goto L; { L: } }
// CASE func f(i int) { switch i { case 1: fallthrough } }
// ERROR "2:36: cannot fallthrough final case in switch"
package p
func f(i int) { switch i { case 1: fallthrough } }
// CASE func f(i any) { switch i.(type) { case int: fallthrough; def
// ERROR "2:45: cannot fallthrough in type switch"
package p
func f(i any) { switch i.(type) { case int: fallthrough; default: } }
// CASE func f() { fallthrough }
// ERROR "2:12: fallthrough statement out of place"
package p
func f() { fallthrough }
