// Large objects one after the other in a heap that is large itself, and numbers that look like addresses of it.
//
// run: host riscv-qemu
package main

// numbers has nothing that the collector should follow, but a hundred of them lie in a heap of 100 MB.
var numbers [4096]uint32

var sink []byte

func main() {
	x := uint32(1)
	for i := range numbers {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		numbers[i] = x
	}
	// Each search for room begins where the last one ended, or this takes minutes.
	for range 200_000 {
		sink = make([]byte, 1000)
	}
	println("small ones")
	for range 100 {
		sink = make([]byte, 10_000_000)
	}
	println("large ones", numbers[0] != numbers[1])
}
