// Finalizers, cleanups, weak pointers, unique handles.
//
// run: host wasip1 riscv-qemu
package main

import (
	"runtime"
	"strings"
	"unique"
	"weak"
)

type node struct {
	next *node
	id   int
	pad  [20]int
}

var (
	finalized = make(chan int)
	cleaned   = make(chan string)
	kept      *node
)

//go:noinline
func make1() { // an object of its own stack frame
	a := &node{id: 1}
	b := &node{next: a, id: 2}
	runtime.SetFinalizer(a, func(n *node) { finalized <- n.id })
	runtime.SetFinalizer(b, func(n *node) { finalized <- n.id; kept = n.next })
	c := &node{id: 3}
	runtime.SetFinalizer(c, func(n *node) { finalized <- n.id })
	runtime.SetFinalizer(c, nil)
	d := &node{id: 4}
	runtime.AddCleanup(d, func(s string) { cleaned <- s }, "four")
	runtime.AddCleanup(d, func(s string) { cleaned <- s }, "never").Stop()
}

//go:noinline
func makeWeak() (weak.Pointer[node], weak.Pointer[node]) {
	n := &node{id: 7}
	w := weak.Make(n)
	println(w.Value().id, w == weak.Make(n), w == weak.Make(&node{}))
	return w, weak.Make(n)
}

//go:noinline
func clobber(n int) int {
	var a [64]int
	for i := range a {
		a[i] = n
	}
	if n > 0 {
		return clobber(n-1) + a[n]
	}
	return 0
}

func main() {
	go func() {
		make1()
		finalized <- 0
	}()
	println(<-finalized)
	go func() {
		for i := 0; i < 5; i++ {
			clobber(20)
			runtime.GC()
			runtime.Gosched()
		}
	}()
	println("cleaned", <-cleaned)
	println("finalized", <-finalized)
	println(kept == nil)
	runtime.Gosched()
	println(kept != nil && kept.id == 1)

	strong := &node{id: 5}
	keep := weak.Make(strong)
	done := make(chan bool)
	var w1, w2 weak.Pointer[node]
	go func() {
		w1, w2 = makeWeak()
		done <- true
	}()
	<-done
	go func() {
		clobber(20)
		runtime.GC()
		done <- true
	}()
	<-done
	println(w1.Value() == nil, w2.Value() == nil, w1 == w2, keep.Value().id)
	runtime.KeepAlive(strong)

	a, b := unique.Make("same"), unique.Make(strings.Clone("same"))
	println(a == b, a.Value(), a == unique.Make("other"))
}
