// Strings built, split, sorted and joined; numbers sorted: large objects without pointers, and many strings.
package main

import (
	"sort"
	"strconv"
	"strings"
)

func main() {
	total := 0
	for round := range 8 {
		var text strings.Builder
		for i := range 50000 {
			text.WriteString("entry-")
			text.WriteString(strconv.Itoa((i*7907 + round) % 50023))
			text.WriteByte(' ')
		}
		words := strings.Fields(text.String())
		sort.Strings(words)
		total += len(strings.Join(words, ", ")) + int(words[len(words)/2][7])
		numbers := make([]int, 200000)
		x := uint32(round)
		for i := range numbers {
			x = x*1664525 + 1013904223
			numbers[i] = int(x >> 8)
		}
		sort.Ints(numbers)
		total += numbers[len(numbers)/3] & 0xfff
	}
	println(total)
}
