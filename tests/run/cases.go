// Upper, lower and title case of letters beyond ASCII; chips have tables of their own for them.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico

package main

import (
	"strings"
	"unicode"
)

func main() {
	for _, start := range []rune{0x80, 0x1c4, 0x370, 0x10a0, 0x1e00, 0x2160, 0xa640, 0xab70, 0x10400, 0x1e920} {
		sum := uint32(2166136261)
		for r := start; r < start+0x40; r++ {
			for c := 0; c < unicode.MaxCase; c++ {
				sum = (sum ^ uint32(unicode.To(c, r))) * 16777619
			}
		}
		println(start, sum)
	}
	println(unicode.To(-1, 'a'), unicode.To(unicode.MaxCase, 'a'), unicode.To(unicode.UpperCase, -5), unicode.To(unicode.LowerCase, 1<<30))
	println(unicode.To(unicode.UpperCase, 'b'), unicode.To(unicode.TitleCase, 'B'), unicode.To(unicode.LowerCase, 'B'))
	println(strings.ToUpper("straße, ǆ, ÿ, ĳ, ა"), strings.ToLower("ΑΒΓΣ, ÀÉ, İ, Ǆ"), strings.ToTitle("ǆ, ა"))
}
