// Order of evaluation: calls from left to right, assignment in two phases, indices before values.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: does not fit into its 32 KB of flash at -opt=0, nor 2 KB of RAM
package main

func t(s string, v int) int {
	print(s, " ")
	return v
}

func get(s string, a []int) []int {
	print(s, " ")
	return a
}

func pair(s string) (int, int) {
	print(s, " ")
	return 1, 2
}

func three(a, b, c int) int { return a*100 + b*10 + c }

type rec struct{ x, y int }

func (r rec) m(n int) rec { print("m", n, " "); return r }

func main() {
	println(three(t("a", 1), t("b", 2), t("c", 3)) + t("d", 4))
	a := []int{10, 20, 30}
	get("s1", a)[t("i1", 0)], get("s2", a)[t("i2", 1)] = t("v1", 7), t("v2", 8)
	println(a[0], a[1])
	i := 0
	i, a[i] = 2, 99
	println(i, a[0], a[2])
	a[0], a[1], a[2] = a[2], a[0], a[1]
	println(a[0], a[1], a[2])
	x, y := 1, 2
	x, y = y, x+y
	println(x, y)
	m := map[int]int{t("k1", 1): t("e1", 1), t("k2", 2): t("e2", 2)}
	println(len(m))
	m[t("key", 5)] += t("val", 6)
	println(m[5])
	r := rec{t("fx", 1), t("fy", 2)}
	println(r.m(1).m(t("arg", 2)).x)
	println(t("l", 0) == 1 && t("never", 1) == 1 || t("r", 2) == 2)
	a[0], x = pair("pair")
	println(a[0], x)
	p := &r
	p, p.x = &rec{}, 50
	println(p.x, r.x)
	s := []int{1, 2, 3}
	for i, s[0] = range s {
	}
	println(i, s[0])
	func() {
		defer func() {
			recover()
			println("index before nil map:", a[1])
		}()
		var n map[string]int
		a[1], n["x"] = 77, 1
	}()
	ch := make(chan int, 2)
	ch <- t("send", 1)
	ch <- <-ch + t("recv", 1)
	println(<-ch)
	fs := []func() int{func() int { return t("f0", 0) }, func() int { return t("f1", 1) }}
	println(fs[t("idx", 1)]() - fs[0]())
}
