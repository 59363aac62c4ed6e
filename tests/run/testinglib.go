// Package testing as a library, statistics of the heap, random numbers from the system.
//
// run: host
// opt: z
package main

import (
	"crypto/rand"
	randv2 "math/rand/v2"
	"net/url"
	"runtime"
	"testing"
)

var sink *[100]byte

func main() {
	r := testing.Benchmark(func(b *testing.B) {
		for i := 0; i < b.N; i++ {
			sink = new([100]byte)
		}
	})
	println(r.N > 0, r.AllocsPerOp(), testing.AllocsPerRun(10, func() {}))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 1000 {
		sink = new([100]byte)
	}
	runtime.ReadMemStats(&after)
	println(after.Mallocs-before.Mallocs >= 1000, after.TotalAlloc-before.TotalAlloc >= 100*1000, after.HeapSys > 0)
	b := make([]byte, 32)
	n, err := rand.Read(b)
	println(n, err == nil, len(rand.Text()) > 20)
	println(rand2(), rand2() < 10)
	u, err := url.Parse("http://host.example:8080/path?d=e%20f#frag")
	println(u.Port(), u.Query().Get("d"), u.Fragment, err == nil)
}

func rand2() int { return min(randv2.IntN(10), 0) }
