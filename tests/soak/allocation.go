// Objects of all kinds and sizes that live for all lengths of time: memory stays flat, and no object changes by itself.
package main

import (
	"runtime"
	"time"
)

// seconds is how long it works; the runner sets it.
var seconds = "3"

const small = runtime.GOARCH == "arm" // a microcontroller

// slots is the number of things that live at a time, most the size of the largest in bytes; a thing has fewer than this
// many parts.
var slots, most, parts = 2000, 64 << 10, 8

type tree struct {
	left, right *tree
	sum         int
}

// A thing holds one of these; number is what it was made from.
type thing struct {
	number int
	bytes  []byte
	text   string
	root   *tree
	table  map[int]string
	parts  []*thing
	result chan int
}

var state uint32 = 1

func random(n int) int {
	state = state*1664525 + 1013904223
	return int(uint64(state>>4) * uint64(n) >> 28)
}

func grow(n, depth int) *tree {
	if depth == 0 {
		return &tree{sum: n}
	}
	t := &tree{left: grow(n+1, depth-1), right: grow(n-1, depth-1)}
	t.sum = t.left.sum + t.right.sum
	return t
}

func (t *tree) whole(n, depth int) bool {
	if depth == 0 {
		return t.sum == n
	}
	return t.left.whole(n+1, depth-1) && t.right.whole(n-1, depth-1) && t.sum == t.left.sum+t.right.sum
}

// size is that of a thing's bytes: mostly small, rarely large.
func size(number int) int {
	limit := most
	for bits := number; bits&1 != 0; bits >>= 1 {
		limit = limit/4 + 8
	}
	return number%limit + 1
}

func depth(number int) int {
	if small {
		return number % 4
	}
	return number % 9
}

func (t *thing) fill(number int) {
	*t = thing{number: number}
	switch number % 7 {
	case 0, 1:
		t.bytes = make([]byte, size(number>>3))
		for i := range t.bytes {
			t.bytes[i] = byte(number + i)
		}
	case 2:
		for i := range number % 20 {
			t.text += string(rune('a' + (number+i)%26))
		}
	case 3:
		t.root = grow(number, depth(number>>3))
	case 4:
		t.table = map[int]string{}
		for i := range number % 30 {
			t.table[number+i] = "value"
			delete(t.table, number+i-5)
		}
	case 5:
		for i := range number % parts {
			part := &thing{}
			part.fill(number/7*7 + i%5)
			t.parts = append(t.parts, part)
		}
	case 6:
		t.result = make(chan int, 1)
		go func() { t.result <- number }()
		runtime.Gosched()
	}
}

func (t *thing) check() bool {
	for i, b := range t.bytes {
		if b != byte(t.number+i) {
			return false
		}
	}
	for i, c := range t.text {
		if c != rune('a'+(t.number+i)%26) {
			return false
		}
	}
	if t.root != nil && !t.root.whole(t.number, depth(t.number>>3)) {
		return false
	}
	if t.table != nil && len(t.table) != min(t.number%30, 5) {
		return false
	}
	for _, part := range t.parts {
		if !part.check() {
			return false
		}
	}
	return t.result == nil || <-t.result == t.number
}

func main() {
	length := 0
	for _, digit := range seconds {
		length = length*10 + int(digit-'0')
	}
	if small {
		slots, most, parts = 12, 256, 4 // chance will make all of them as large as they can be
	}
	start := time.Now()
	warm, end := time.Duration(length)*time.Second/4, time.Duration(length)*time.Second
	things := make([]*thing, slots)
	var early, late uint64 // the largest heap, of the first quarter of the time and of the rest
	rounds := 0
	for ; rounds < 8 || time.Since(start) < end; rounds++ {
		for range slots * 4 {
			at := random(slots)
			if t := things[at]; t != nil && !t.check() {
				println("damaged:", t.number)
				return
			}
			things[at] = new(thing)
			things[at].fill(random(1 << 27))
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if rounds < 4 || time.Since(start) < warm {
			early = max(early, m.HeapSys)
		} else {
			late = max(late, m.HeapSys)
		}
	}
	if late > early+early/2+early/8 {
		println("memory grows: first", early, "then", late, "bytes")
		return
	}
	println("flat")
}
