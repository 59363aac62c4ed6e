// Atomic access through nil panics as any other does.
//
// run: host wasip1 cortex-m-qemu riscv-qemu
package main

import (
	"sync/atomic"
	"unsafe"
)

var (
	none32  *int32
	none64  *uint64
	nonePtr *unsafe.Pointer
	noneInt *atomic.Int64
	sink    int64
)

func try(name string, f func()) {
	defer func() {
		println(name, recover().(error).Error())
	}()
	f()
	println("wrong: no panic")
}

func main() {
	try("load", func() { sink = int64(atomic.LoadInt32(none32)) })
	try("store", func() { atomic.StoreUint64(none64, 1) })
	try("add", func() { sink = int64(atomic.AddInt32(none32, 1)) })
	try("swap", func() { atomic.SwapPointer(nonePtr, nil) })
	try("cas", func() { atomic.CompareAndSwapUint64(none64, 0, 1) })
	try("and", func() { atomic.AndInt32(none32, 1) })
	try("method", func() { noneInt.Store(sink) })
}
