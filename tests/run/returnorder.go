// Variables in a return statement have the values that they have after its calls, as Go's compiler does it and package
// crypto/x509 relies on.
//
// run: host wasip1 cortex-m-qemu riscv-qemu arduino
package main

type list struct{ items []int8 }

func (l *list) fill() bool {
	l.items = append(l.items, 1, 2)
	return true
}

func parse() (list, bool) {
	var l list
	return l, l.fill()
}

func count(n int8) (int8, int8, bool) {
	more := func() int8 { n++; return n }
	return n, more(), n == 3
}

func main() {
	l, ok := parse()
	println(len(l.items), ok)
	a, b, c := count(2)
	println(a, b, c)
}
