// Copies, clearing, comparisons and hashes of memory of every length at every offset and overlap.
//
// run: host linux/386 wasip1 cortex-m-qemu riscv-qemu pico
package main

func fill(b []byte) {
	for i := range b {
		b[i] = byte(i*7 + i>>5)
	}
}

// checkMove compares a copy within an array with one that is done byte by byte.
func checkMove(b, expected []byte, to, from, n int) bool {
	fill(b)
	fill(expected)
	for i := range n {
		expected[to+i] = byte((from+i)*7 + (from+i)>>5)
	}
	copy(b[to:to+n], b[from:from+n])
	return string(b) == string(expected)
}

func moves() {
	bad := 0
	b, expected := make([]byte, 260), make([]byte, 260)
	for n := 0; n <= 100; n++ {
		for distance := -70; distance <= 70; distance += 1 + n/20 {
			if !checkMove(b, expected, 80+distance, 80, n) {
				bad++
			}
		}
	}
	b, expected = make([]byte, 5200), make([]byte, 5200)
	for _, n := range []int{500, 511, 1023, 1024, 1025, 1500} {
		for _, distance := range []int{-1500, -65, -64, -63, -8, -1, 1, 7, 64, 100, 1500} {
			if !checkMove(b, expected, 2000+distance, 2000, n) {
				bad++
			}
		}
	}
	println("moves:", bad)
}

func clears() {
	bad := 0
	b := make([]byte, 700)
	for n := 0; n <= 600; n += 1 + n/70 {
		for at := range 20 {
			fill(b)
			clear(b[at : at+n])
			for i := range b {
				want := byte(i*7 + i>>5)
				if i >= at && i < at+n {
					want = 0
				}
				if b[i] != want {
					bad++
				}
			}
		}
	}
	println("clears:", bad)
}

func comparisons() {
	bad := 0
	for n := range 40 {
		a := make([]byte, n+4)
		fill(a)
		c := append([]byte{0}, a...) // at another offset
		for at := range n + 1 {
			same := string(a[:n]) == string(c[1:n+1])
			if at < n {
				c[at+1]++
				same = string(a[:n]) != string(c[1:n+1])
			}
			less := string(a[:n]) < string(c[1:n+1])
			if !same || less != (at < n && a[at] != 255) {
				bad++
			}
			if at < n {
				c[at+1]--
			}
		}
		if n > 0 && (string(a[:n-1]) >= string(c[1:n+1]) || string(a[:n]) <= string(c[1:n])) {
			bad++
		}
	}
	println("comparisons:", bad)
}

// hashes: keys that differ in one byte, or in length, are different keys.
func hashes() {
	set := map[string]int{}
	b := make([]byte, 40)
	for n := range 40 {
		set[string(b[:n])] = n
		for at := range n {
			b[at] = 1
			set[string(b[:n])] = n*100 + at
			b[at] = 0
		}
	}
	found := 0
	for n := range 40 {
		for at := range n {
			b[at] = 1
			if set[string(b[:n])] == n*100+at {
				found++
			}
			b[at] = 0
		}
	}
	println("hashes:", len(set), found)
}

func main() {
	moves()
	clears()
	comparisons()
	hashes()
}
