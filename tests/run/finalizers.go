// Finalizers, cleanups, weak pointers, unique handles. Stale words on a stack may keep a few objects alive, so there are
// many of each, of which most have to go.
//
// run: host wasip1 riscv-qemu
// stress: host wasip1
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

const many = 50

var (
	finalized, pairs, cleaned, taken, stopped int

	weaks [many]weak.Pointer[node]
)

//go:noinline
func makeObjects() {
	for i := range many {
		a := &node{id: 1}
		runtime.SetFinalizer(a, func(n *node) { finalized += n.id })
		// Only the first of two: the second is finalized after the first has let go of it.
		b := &node{id: 2}
		c := &node{next: b}
		runtime.SetFinalizer(b, func(n *node) { pairs++ })
		runtime.SetFinalizer(c, func(n *node) {
			if n.next.id == 2 {
				pairs += 1000
			}
		})
		d := &node{}
		runtime.SetFinalizer(d, func(any) { taken++ })
		runtime.SetFinalizer(d, nil)
		e := &node{}
		runtime.AddCleanup(e, func(n int) { cleaned += n }, 1)
		runtime.AddCleanup(e, func(int) { stopped++ }, 1).Stop()
		weaks[i] = weak.Make(&node{id: 3})
	}
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

func collect() {
	for range 4 {
		clobber(20)
		runtime.GC()
		runtime.Gosched()
	}
}

func most(n int) bool { return n >= many*3/4 && n <= many }

func main() {
	done := make(chan bool)
	go func() {
		makeObjects()
		done <- true
	}()
	<-done
	go func() {
		collect()
		done <- true
	}()
	<-done
	println(most(finalized), most(pairs/1000), most(pairs%1000), most(cleaned), taken, stopped)
	gone := 0
	for _, w := range weaks {
		if w.Value() == nil {
			gone++
		}
	}
	println(most(gone))

	strong := &node{id: 5}
	w := weak.Make(strong)
	collect()
	println(w.Value() == strong, w == weak.Make(strong), w == weak.Make(&node{}), weak.Make[node](nil).Value() == nil)
	runtime.KeepAlive(strong)

	a, b := unique.Make("same"), unique.Make(strings.Clone("same"))
	println(a == b, a.Value(), a == unique.Make("other"))
}
