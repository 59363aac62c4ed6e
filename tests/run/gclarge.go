// The collector with large arrays, addresses of their ends, wide tables and long lists: what is held stays, what is not
// is used again.
//
// run: host wasip1
// not cortex-m-qemu riscv-qemu microbit pico arduino: too little memory
package main

import "runtime"

type list struct {
	next *list
	n    int
}

func tails() [][]byte {
	var kept [][]byte
	for i := 0; i < 40; i++ {
		buf := make([]byte, 1<<17)
		buf[len(buf)-1] = byte(i)
		buf[0] = 1
		for j := 0; j < 30; j++ {
			end := buf[len(buf)-j-1:]
			if i%4 == 0 {
				kept = append(kept, end)
			}
		}
	}
	return kept
}

func main() {
	kept := tails()
	table := make([]*[4]int, 1<<15)
	for round := 0; round < 6; round++ {
		for i := range table {
			if round == 0 || i%3 != 0 {
				table[i] = &[4]int{i, round}
			}
		}
		runtime.GC()
	}
	sum, rounds := 0, 0
	for _, p := range table {
		sum += p[0] - p[2] - p[3]
		rounds += p[1]
	}
	println("table", sum, rounds)

	var l *list
	for i := 0; i < 100000; i++ {
		l = &list{l, i}
		if i%10 == 9 {
			l = l.next.next.next
		}
	}
	runtime.GC()
	n := 0
	for ; l != nil; l = l.next {
		n += l.n % 7
	}
	println("list", n)

	// Holes of every size between what stays.
	var held [][]int
	for size := 1; size < 400; size++ {
		held = append(held, make([]int, size))
		_ = make([]int, 400-size)
		held[len(held)-1][size-1] = size
	}
	runtime.GC()
	for round := 0; round < 20; round++ {
		for size := 400; size > 0; size-- {
			block := make([]int, size)
			for _, v := range block {
				if v != 0 {
					println("memory that is not zero")
				}
			}
			block[size-1] = -1
		}
	}
	total := 0
	for _, block := range held {
		for _, v := range block {
			total += v
		}
	}
	println("held", total)

	for _, end := range kept {
		if end[0] != 0 && len(end) > 1 {
			println("changed")
		}
	}
	println("tails", len(kept), kept[len(kept)-30][0], len(kept[17]))

	// Far more than there is memory for.
	for i := 0; i < 300; i++ {
		big := make([]byte, 1<<18+i*64)
		big[i] = 1
	}
	println("done")
}
