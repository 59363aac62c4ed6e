// Defer in the body of a loop over a function: it belongs to the function around the loop.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
package main

func count(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		defer print("cleanup ")
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func f() (sum int) {
	for i := range count(5) {
		defer func() { sum += i }()
		if i == 3 {
			return 100
		}
		print(i, " ")
	}
	return -1
}

func main() {
	func() {
		for i := range count(3) {
			defer print("deferred", i, " ")
		}
		print("end of function ")
	}()
	println()
	println(f())
}
