package main

func seq(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func find(n int) (int, string) {
	for i := range seq(10) {
		for j := range seq(10) {
			if i*j == n {
				return i, "found"
			}
			if j > i {
				break
			}
		}
	}
	return -1, "none"
}

func main() {
	t := 0
	for i := range seq(5) {
		if i == 3 {
			continue
		}
		t += i
	}
	println(t)
	println(find(12))
	println(find(97))
outer:
	for i := range seq(5) {
		for j := range seq(5) {
			if j == 2 {
				continue outer
			}
			if i == 2 {
				break outer
			}
			println(i, j)
		}
	}
	var fs []func() int
	for i := range seq(3) {
		fs = append(fs, func() int { return i * i })
	}
	for _, f := range fs {
		println(f())
	}
}
