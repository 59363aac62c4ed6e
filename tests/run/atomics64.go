// The 64-bit numbers of sync/atomic lie at multiples of 8 wherever they are, and other numbers need not.
//
// run: host linux/386 linux/arm wasip1
package main

import (
	"reflect"
	"sync/atomic"
	"unsafe"
)

type counters struct {
	a byte
	n atomic.Int64
	b byte
	u [2]atomic.Uint64
}

type derived counters

var global counters
var evaluated = &counters{a: 1}

//go:noinline
func aligned(c *counters) bool {
	return uintptr(unsafe.Pointer(&c.n))%8 == 0 && uintptr(unsafe.Pointer(&c.u[1]))%8 == 0
}

//go:noinline
func local(n int) bool {
	var b byte
	var c counters
	c.n.Store(int64(n))
	b = byte(n)
	return aligned(&c) && b == 3
}

func main() {
	println(unsafe.Offsetof(global.n), unsafe.Offsetof(global.u), unsafe.Sizeof(global), unsafe.Alignof(global))
	var d derived
	println(unsafe.Offsetof(d.n), unsafe.Sizeof(d), unsafe.Alignof(d.n))
	println(aligned(&global), aligned(evaluated), evaluated.a, aligned(new(counters)), local(3))
	t := reflect.TypeOf(global)
	println(t.Align(), t.Field(1).Offset, t.Field(1).Type.FieldAlign(), t.Size())
	made := reflect.StructOf([]reflect.StructField{
		{Name: "A", Type: reflect.TypeFor[byte]()},
		{Name: "B", Type: reflect.TypeFor[atomic.Int64]()},
		{Name: "C", Type: reflect.TypeFor[byte]()},
	})
	println(made.Field(1).Offset, made.Field(2).Offset, made.Size())
	n := &global.n
	println(n.Add(1<<40), n.CompareAndSwap(1<<40, 6), n.CompareAndSwap(1<<40, 7), n.Load(), n.And(3), n.Or(1<<63-1), n.Swap(-1), n.Load())
	var plain int64
	println(atomic.AddInt64(&plain, -1), atomic.SwapInt64(&plain, 1<<62), atomic.LoadInt64(&plain))
}
