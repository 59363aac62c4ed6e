// Texts of every length that differ in every place: what compares and searches eight bytes at a time sees each of them.
//
// run: host wasip1 riscv-qemu
// opt: z
package main

import (
	"bytes"
	"strings"
)

func main() {
	text := make([]byte, 40)
	checks := 0
	for n := 0; n < len(text); n++ {
		for i := 0; i < n; i++ {
			for j := range text {
				text[j] = byte(j*7) &^ 1
			}
			text[i] = 0x81
			other := append([]byte(nil), text...)
			other[i]++
			a, b := string(text[:n]), string(other[:n])
			if bytes.IndexByte(text[:n], 0x81) != i || strings.IndexByte(a, 0x83) != -1 {
				println("index", n, i)
			}
			if a == b || a > b || strings.Compare(a, b) != -1 || bytes.Compare(other[:n], text[:n]) != 1 {
				println("order", n, i)
			}
			if a[:i] != b[:i] || strings.Compare(a[i+1:], b[i+1:]) != 0 || a[:i] >= a {
				println("part", n, i)
			}
			checks++
		}
	}
	println(checks)
}
