// Which runes are letters, and those that are equal but for their case: chips and WebAssembly have tables of their own.
//
// run: host wasip1 cortex-m-qemu riscv-qemu

package main

import "unicode"

func main() {
	for _, start := range []rune{-2, 0x17e, 0x390, 0x531, 0x1c80, 0x1e9e, 0x3400, 0xa680, 0x104d0, 0x2fa00, 0x323af, 1 << 30} {
		sum := uint32(2166136261)
		for r := start; r < start+0x40; r++ {
			sum = (sum ^ uint32(unicode.SimpleFold(r))) * 16777619
			if unicode.IsLetter(r) {
				sum++
			}
		}
		println(start, sum)
	}
}
