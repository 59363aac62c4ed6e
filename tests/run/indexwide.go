// The text of an index error gives an index of 64 bits in full, whatever the size of int.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: the same as elsewhere with 32 bits
// exit: 2
package main

var big = uint64(1 << 40)

func main() {
	s := []int{1, 2, 3}
	println(s[big])
}
