// With panicnil=1 in GODEBUG, which a program may set while it runs, the argument of panic(nil) stays nil.
//
// run: host wasip1
package main

import (
	"os"
	"runtime"
)

func try(v any) (err any, recovered bool) {
	ended := false
	defer func() {
		err = recover()
		recovered = !ended
	}()
	panic(v)
}

func main() {
	err, recovered := try(nil)
	_, ok := err.(*runtime.PanicNilError)
	println(ok, recovered)
	os.Setenv("GODEBUG", "panicnil=1")
	err, recovered = try(nil)
	println(err == nil, recovered)
	err, _ = try("text")
	println(err.(string))
	os.Setenv("GODEBUG", "panicnil=0")
	err, _ = try(nil)
	println(err != nil)
}
