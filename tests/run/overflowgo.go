// Recursion without end in a goroutine is stopped: through an interface, and where it may block.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: no goroutines without a scheduler
// exit: 2
package main

type walker interface{ walk(n int, c chan int) int }
type left struct{ other walker }
type right struct{ other walker }

func (l *left) walk(n int, c chan int) int {
	if n < 0 {
		c <- 1
	}
	return l.other.walk(n+1, c) + n
}

func (r *right) walk(n int, c chan int) int { return r.other.walk(n&0xff, c) ^ 1 }

func main() {
	c := make(chan int)
	l, r := &left{}, &right{}
	l.other, r.other = r, l
	go func() { println(l.walk(1, c)) }()
	println(<-c)
}
