// Slices: growth by append, copy, three indices, aliasing, nil and empty.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
package main

func show(name string, s []int) {
	print(name, " ", len(s), ":")
	for _, v := range s {
		print(" ", v)
	}
	println()
}

type pair struct {
	a int8
	b int32
}

func main() {
	var s []int
	println(s == nil, len(s), cap(s))
	for i := 0; i < 20; i++ {
		s = append(s, i*i)
	}
	show("s", s)
	t := s[2:5]
	t[0] = 100
	println(s[2], len(t), cap(t) == cap(s)-2)
	u := s[2:5:5]
	u = append(u, 1)
	u[0] = 7
	show("u", u)
	println(s[2], s[5], cap(s[1:3:4]))
	v := append(s[:3], s[10:]...)
	show("v", v)
	println(copy(s[1:], s[:4]), copy(s, []int{}))
	show("s", s[:6])
	println(copy(s, s[2:]), s[0])
	e := []int{}
	println(e == nil, len(e), len(append(e, s[:0]...)))
	n := append([]int(nil), 1, 2, 3)
	show("n", append(n[:1], n...))
	m := make([][]byte, 3, 10)
	for i := range m {
		m[i] = make([]byte, i+1)
		m[i][i] = byte(i)
	}
	println(len(m), len(m[2]), m[2][2], m[9:10][0] == nil)
	p := []pair{{1, 2}, 2: {3, 4}}
	p = append(p, pair{5, 6})
	for i, x := range p {
		x.a = 9
		p[i].b += int32(x.a)
	}
	for _, x := range p {
		print(x.a, "/", x.b, " ")
	}
	println()
	a := (*[3]int)(s)
	a[1] = -1
	b := [2]int(s)
	println(s[1], b[1], len(a))
	var arr [4]string
	sl := arr[1:3]
	sl[0] = "x"
	sl = append(sl, "y")
	println(arr[1], arr[3], len(sl), cap(sl))
}
