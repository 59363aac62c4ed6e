// Programs with errors within tokens, and what Go's own compiler says. The format is described in
// tests/suite/syntax/cases.rs.

// CASE var x = "abc
// ERROR "2:13: newline in string"
package p
var x = "abc
// CASE var x = 08
// ERROR "2:10: invalid digit '8' in octal literal"
package p
var x = 08
// CASE var x = 'ab'
// ERROR "2:9: more than one character in rune literal"
package p
var x = 'ab'
// CASE var x = `abc
// ERROR "2:9: string not terminated"
package p
var x = `abc
// CASE /* abc
// ERROR "2:1: comment not terminated"
package p
/* abc
// CASE var x = "\q"
// ERROR "2:11: unknown escape"
package p
var x = "\q"
// CASE var x = ''
// ERROR "2:10: empty rune literal or unescaped '"
package p
var x = ''
// CASE var x = 0x
// ERROR "2:11: hexadecimal literal has no digits"
package p
var x = 0x
// CASE var x = 1_
// ERROR "2:10: '_' must separate successive digits"
package p
var x = 1_
// CASE var x = 0b12
// ERROR "2:12: invalid digit '2' in binary literal"
package p
var x = 0b12
// CASE var x = 1e
// ERROR "2:11: exponent has no digits"
package p
var x = 1e
// CASE var x = #
// ERROR "2:9: invalid character U+0023 '#'"
package p
var x = #
// CASE var x = "a<NUL>b"
// ERROR "2:11: invalid NUL character"
package p
var x = "a<NUL>b"
// CASE var x = <BOM>1
// ERROR "2:9: invalid BOM in the middle of the file"
package p
var x = <BOM>1
// CASE var a<U+2028>b = 1
// ERROR "2:6: invalid character U+2028 in identifier"
package p
var a<U+2028>b = 1
