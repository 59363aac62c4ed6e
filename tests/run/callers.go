// Calls by name and line, those that were inlined included.
//
// run: host
// not wasip1, boards: no table of calls there yet
// exit: 2
package main

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
)

type list[T any] struct{ items []T }

func (l *list[T]) each(f func(T)) {
	for _, item := range l.items {
		f(item)
	}
}

type shape interface{ area() int }

type square struct{ side int }

func (s square) area() int {
	where("area")
	return s.side * s.side
}

// where prints the calls of this program on the stack.
//
//go:noinline
func where(what string) {
	println(what)
	var pcs [50]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		frame, more := frames.Next()
		if strings.HasPrefix(frame.Function, "main.") {
			println(" ", frame.Function, filepath.Base(frame.File), frame.Line)
		}
		if !more {
			return
		}
	}
}

func small(n int) int {
	where("small")
	return n + 1
}

func outer(n int) int { return small(n) * 2 }

func recursive(n int) {
	if n == 0 {
		where("recursive")
		return
	}
	recursive(n - 1)
}

func generic[T any](x T) T {
	where("generic")
	return x
}

func caller(skip int) (string, int, string) {
	pc, file, line, ok := runtime.Caller(skip + 1)
	if !ok {
		return "", 0, ""
	}
	return filepath.Base(file), line, runtime.FuncForPC(pc).Name()
}

func fails(items []int) int { return items[len(os.Args)+5] }

func main() {
	println(outer(len(os.Args)))
	recursive(2)
	generic(1)
	generic("x")
	(&list[int]{[]int{1}}).each(func(n int) { where("each") })
	var s shape = square{2}
	s.area()
	s = &square{3}
	area := s.area
	area()

	file, line, name := caller(0)
	println(file, line, name)
	_, _, _, ok := runtime.Caller(100)
	println(ok)

	println(runtime.FuncForPC(reflect.ValueOf(outer).Pointer()).Name())
	println(runtime.FuncForPC(1) == nil)

	func() {
		defer func() {
			recover()
			where("deferred")
		}()
		fails(nil)
	}()

	done := make(chan bool)
	go func() {
		where("goroutine")
		done <- true
	}()
	<-done

	buf := make([]byte, 1000)
	text := string(buf[:runtime.Stack(buf, false)])
	println(text[:strings.Index(text, "\n")], strings.Contains(text, "main.main"))
	func() {
		defer func() { println(recover().(string)) }()
		reflect.ValueOf(1).SetBool(true)
	}()

	short := make([]byte, 20)
	println(runtime.Stack(short, false))
	fails(nil)
}
