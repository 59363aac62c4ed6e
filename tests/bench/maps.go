// Maps of numbers and of strings: growth, hits, misses, iteration, deletion.
package main

import "strconv"

type random uint32

func (r *random) next() uint32 {
	*r = *r*1664525 + 1013904223
	return uint32(*r)
}

func main() {
	r := random(2024)
	numbers := map[int]int{}
	for i := range 1000000 {
		numbers[int(r.next()>>14)] += i
	}
	hits := 0
	for range 3000000 {
		if _, ok := numbers[int(r.next()>>14)]; ok {
			hits++
		}
	}
	println(len(numbers), hits)

	words := make([]string, 50000)
	for i := range words {
		words[i] = "word-" + strconv.Itoa(i*13)
	}
	counts := map[string]int{}
	for range 20 {
		for _, word := range words {
			counts[word]++
		}
	}
	sum := 0
	for word, n := range counts {
		sum += n * len(word)
	}
	for i := 0; i < len(words); i += 3 {
		delete(counts, words[i])
	}
	println(sum, len(counts))

	// Many small ones, too.
	small := 0
	for i := range 100000 {
		m := map[uint8]bool{1: true, 2: false, uint8(i): true}
		small += len(m)
	}
	println(small)
}
