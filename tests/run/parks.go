// Blocking everywhere: in deep recursion, calls of interfaces, closures and method values, defers, iterators, loops with
// many live values, init, while a panic unwinds and in Goexit's deferred calls.
//
// run: host wasip1
// stress: host wasip1
// not cortex-m-qemu riscv-qemu microbit pico arduino: no room for the stacks
package main

import (
	"runtime"
	"sync"
	"time"
)

var start = make(chan int)
var fromInit = initial()

func initial() int {
	go func() { start <- 42 }()
	return <-start + 1
}

func init() {
	done := make(chan string)
	go func() {
		runtime.Gosched()
		done <- "from init"
	}()
	println(<-done, fromInit)
}

// Recursion.

type tree struct {
	left, right *tree
	value       int
}

func grow(low, high int) *tree {
	if low > high {
		return nil
	}
	mid := (low + high) / 2
	return &tree{grow(low, mid-1), grow(mid+1, high), mid}
}

func (t *tree) walk(out chan<- int) {
	if t == nil {
		return
	}
	t.left.walk(out)
	out <- t.value
	t.right.walk(out)
}

func ackermann(m, n int, yield func()) int {
	yield()
	switch {
	case m == 0:
		return n + 1
	case n == 0:
		return ackermann(m-1, 1, yield)
	}
	return ackermann(m-1, ackermann(m, n-1, yield), yield)
}

func deep(n int, c chan int) int {
	var local [4]int
	for i := range local {
		local[i] = n + i
	}
	sum := 0
	if n > 0 {
		sum = deep(n-1, c)
	} else {
		sum = <-c
	}
	for _, v := range local {
		sum += v
	}
	return sum
}

// Interfaces, closures, method values.

type source interface{ next() (int, bool) }
type counter struct{ i, n int }
type echo struct {
	c   chan int
	src source
}
type fixed int

func (c *counter) next() (int, bool) {
	c.i++
	return c.i, c.i <= c.n
}

func (e echo) next() (int, bool) {
	v, ok := e.src.next()
	go func() { e.c <- v }()
	return <-e.c * 2, ok
}

func (f *fixed) next() (int, bool) {
	*f--
	return int(*f), *f >= 0
}

func total(s source) (sum int) {
	for {
		v, ok := s.next()
		if !ok {
			return sum
		}
		sum += v
	}
}

func apply(f func(int) int, n int) int { return f(n) + f(n+1) }

// Many live values.

type pair struct {
	name string
	f    float32
}

func live(c chan int) {
	var (
		a uint8  = 1
		b int16  = -2
		d uint32 = 3
		e int64  = -1 << 40
		f        = float32(0.5)
		g        = 0.25
		s        = "text"
		l        = []int{1}
		p        = pair{"pair", 1.5}
		x any    = "any"
		z        = complex(1, 2)
		t        = true
		m        = map[string]int{}
		w [3]uint16
	)
	for i := 0; i < 5; i++ {
		v := <-c
		a += uint8(v)
		b -= int16(v)
		d *= 3
		e += int64(v) << 33
		f *= 2
		g += float64(f)
		s += string(rune('a' + v))
		l = append(l, v)
		p.f += f
		p.name = p.name[:len(p.name)-1] + s[len(s)-1:]
		if v == 3 {
			x = v
		}
		z *= complex(0, 1)
		t = !t
		m[s] = v
		w[v%3]++
		<-c
	}
	println(a, b, d, e, f, g, s, len(l), l[len(l)-1], p.name, p.f, x.(int), z, t, len(m), w[0], w[1], w[2])
}

// Defers and panics.

func deferred(c chan string) (result string) {
	defer func() {
		r := recover()
		c <- "deferred 1"
		result = <-c + " " + r.(string)
	}()
	defer func() {
		time.Sleep(time.Millisecond)
		println("slept in a deferred call of a panic")
	}()
	defer println("plain")
	for i := 0; i < 2; i++ {
		defer func() { c <- "in a loop" }()
	}
	<-c
	panic("reason")
}

func index(a []int, i int, wg *sync.WaitGroup) (v int) {
	defer wg.Done()
	defer func() {
		if e := recover(); e != nil {
			runtime.Gosched()
			v = -1
			println(e.(error).Error())
		}
	}()
	runtime.Gosched()
	return a[i]
}

func exits(c chan int) {
	defer close(c)
	defer func() { c <- 2 }()
	func() {
		defer func() { c <- 1 }()
		runtime.Goexit()
	}()
	c <- 3
}

// Iterators.

func received(c chan int) func(func(int, string) bool) {
	return func(yield func(int, string) bool) {
		for v := range c {
			if !yield(v, "item") {
				println("stopped")
				return
			}
		}
	}
}

func first(c chan int, ack chan<- int) int {
	for v, s := range received(c) {
		ack <- v
		if v == 3 {
			println(s, v)
			return v
		}
	}
	return -1
}

type locked struct {
	sync.Mutex
	n int
}

func (l *locked) add(n int) {
	l.Lock()
	defer l.Unlock()
	old := l.n
	runtime.Gosched()
	l.n = old + n
}

func generic[T any](c chan T, v T) T {
	go func() { c <- v }()
	return <-c
}

func main() {
	out := make(chan int)
	go func() {
		grow(1, 40).walk(out)
		close(out)
	}()
	sum := 0
	for v := range out {
		sum = sum*3%10007 + v
	}
	println("walk", sum)

	yields := 0
	println("ackermann", ackermann(2, 3, func() { yields++; runtime.Gosched() }), yields)

	c := make(chan int)
	go func() { c <- 1000 }()
	println("deep", deep(60, c))

	f := fixed(5)
	println("sources", total(&counter{0, 10}), total(echo{make(chan int), &counter{0, 5}}), total(&f))
	method := echo{make(chan int), &counter{6, 10}}.next
	v, ok := method()
	println("method value", v, ok)
	println("closure", apply(func(n int) int {
		go func() { c <- n * n }()
		return <-c
	}, 3))

	finished := make(chan bool)
	go func() {
		live(c)
		finished <- true
	}()
	for i := 0; i < 5; i++ {
		c <- i
		runtime.Gosched()
		c <- 0
	}
	<-finished

	texts := make(chan string)
	go func() { println("result:", deferred(texts)); close(finished) }()
	texts <- "go"
	println(<-texts)
	println(<-texts)
	println(<-texts)
	texts <- "answer"
	<-finished

	var wg sync.WaitGroup
	for i := range 3 {
		got := make(chan int)
		wg.Add(1)
		go func() { got <- index([]int{7, 8}, i, &wg) }()
		println("index", i, <-got)
		wg.Wait()
	}

	c = make(chan int)
	go exits(c)
	for v := range c {
		println("exits", v)
	}

	c = make(chan int)
	ack := make(chan int)
	go func() {
		for i := 1; i < 4; i++ {
			c <- i
			<-ack
		}
	}()
	println("first", first(c, ack))

	var l locked
	for i := range 10 {
		wg.Go(func() { l.add(i) })
	}
	wg.Wait()
	println("locked", l.n)

	println(generic(make(chan string), "generic"), generic(make(chan [2]float64), [2]float64{1.5, 2.5})[1])

	m := map[int]int{1: 2}
	for k, v := range m {
		runtime.Gosched()
		println("map", k, v, len(m))
	}
	switch x := any(generic(make(chan int), 5)).(type) {
	case int:
		println("int", x)
	}
	var once sync.Once
	once.Do(func() { runtime.Gosched(); println("once") })
	time.AfterFunc(time.Millisecond, func() { c <- 77 })
	println("after", <-c)
}
