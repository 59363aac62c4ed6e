// The collector on small machines: much garbage beside little that lives, pointers inside objects, closures.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
package main

type item struct {
	next *item
	data [3]byte
}

func garbage(n int) (sum int) {
	for i := range n {
		b := make([]byte, 8+i%8)
		b[i%8] = 1
		sum += len(b)
	}
	return
}

func main() {
	var head *item
	for i := range 10 {
		head = &item{head, [3]byte{byte(i), byte(i + 1), byte(i + 2)}}
	}
	inner := &head.next.data[1]
	f := func() int { return int(*inner) }
	total := 0
	for range 50 {
		total += garbage(20)
	}
	println(total)
	for i := head; i != nil; i = i.next {
		print(i.data[0], " ")
	}
	println(f())
	s := ""
	for i := range 60 {
		s += string(rune('a' + i%26))
	}
	println(len(s), s[50:])
}
