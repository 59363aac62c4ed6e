// An address that is calculated from another (package unsafe, "Pointer", pattern 3) keeps its variable alive.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
package main

import "unsafe"

//go:noinline
func second() *int {
	var pair [2]int
	pair[1] = 42
	return (*int)(unsafe.Pointer(uintptr(unsafe.Pointer(&pair)) + unsafe.Sizeof(pair[0])))
}

//go:noinline
func aligned() *byte {
	var bytes [32]byte
	for i := range bytes {
		bytes[i] = 7
	}
	return (*byte)(unsafe.Pointer((uintptr(unsafe.Pointer(&bytes)) + 15) &^ 15))
}

//go:noinline
func use(depth int) int {
	var numbers [16]int
	for i := range numbers {
		numbers[i] = i * depth
	}
	sum := 0
	for _, n := range numbers {
		sum += n
	}
	if depth > 0 {
		sum += use(depth - 1)
	}
	return sum
}

func main() {
	p, q := second(), aligned()
	n := use(3)
	println(*p, *q, n)
}
