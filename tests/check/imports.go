package p
import "os" // ERROR 8 "\"os\" imported and not used"
func f() {}
//---
package p
import m "math/rand" // ERROR 8 "\"math/rand\" imported as m and not used"
func f() {}
//---
package p
import "os"
import "os" // ERROR 8 "os redeclared in this block\n2:8: other declaration of os" ERROR 8 "\"os\" imported and not used"
var _ = os.Args
//---
package p
import "" // ERROR 8 "invalid import path (empty string)"
//---
package p
import "p" // ERROR 8 "could not import p (import \"p\" while compiling that package (import cycle))"
//---
package p
import "os"
var x = os.Nope // ERROR 12 "undefined: os.Nope"
//---
package p
import "os"
var x = os.exit // ERROR 12 "undefined: os.exit (but have Exit)"
//---
package p
import "strings"
func f(b strings.Builder) { _ = b.buf } // ERROR 35 "b.buf undefined (cannot refer to unexported field buf)"
//---
package p
import "strings"
var b = strings.Builder{buf: nil} // ERROR 25 "cannot refer to unexported field buf in struct literal of type strings.Builder"
//---
package p
import "time"
var b = time.Time{1, 2, nil} // ERROR 19 "implicit assignment to unexported field wall in struct literal of type time.Time" ERROR 22 "implicit assignment to unexported field ext in struct literal of type time.Time" ERROR 25 "implicit assignment to unexported field loc in struct literal of type time.Time"
//---
package p

import . "time" // only a type of it
import . "math/rand" // ERROR 8 "\"math/rand\" imported and not used"

var d Duration
//---
package p

import . "io" // only a constant of it

const x = SeekEnd
//---
package p

import "time"
import . "time" // ERROR 8 "\"time\" imported and not used"

var d time.Duration
