// Small slices, indexed: the most reversals of a prefix that a permutation needs until its first element is 0.
package main

// flips counts the reversals for one permutation, which it destroys.
func flips(p []int) int {
	n := 0
	for first := p[0]; first != 0; first = p[0] {
		for i, j := 0, first; i < j; i, j = i+1, j-1 {
			p[i], p[j] = p[j], p[i]
		}
		n++
	}
	return n
}

func fannkuch(n int) (checksum, most int) {
	perm := make([]int, n)
	scratch := make([]int, n)
	count := make([]int, n)
	for i := range perm {
		perm[i] = i
	}
	sign := 1
	r := n
	for {
		for ; r > 1; r-- {
			count[r-1] = r
		}
		copy(scratch, perm)
		f := flips(scratch)
		most = max(most, f)
		checksum += sign * f
		sign = -sign
		// The next permutation: rotate ever longer prefixes until one has rotations left.
		for {
			if r == n {
				return checksum, most
			}
			first := perm[0]
			for i := range r {
				perm[i] = perm[i+1]
			}
			perm[r] = first
			count[r]--
			if count[r] > 0 {
				break
			}
			r++
		}
	}
}

func main() {
	checksum, most := fannkuch(10)
	println(checksum, most)
}
