package main

func idx(a []int, i int) int { return a[i] }
func try(f func()) {
	defer func() {
		e := recover()
		if err, ok := e.(error); ok {
			println("recovered", err.Error())
		} else {
			println("recovered other")
		}
	}()
	f()
}

type I interface{ F() }
type J interface{ G() }
type T struct{}

func (T) F() {}

func main() {
	a := []int{1, 2, 3}
	z := 0
	var p *[3]int
	var m map[string]int
	var i I
	var e any = "s"
	try(func() { idx(a, 5) })
	try(func() { idx(a, -1) })
	try(func() { _ = a[2 : 1+z] })
	try(func() { _ = a[:z+9] })
	try(func() { _ = 1 / z })
	try(func() { _ = p[1] })
	try(func() { m["a"] = 1 })
	try(func() { i.F() })
	try(func() { _ = e.(int) })
	try(func() { _ = e.(I) })
	try(func() { var x any = T{}; _ = x.(J) })
	try(func() { _ = [4]int(a) })
	try(func() { _ = 1 << (z - 1) })
	try(func() { _ = make([]int, z-1) })
	try(func() { var f func(); f() })
	try(func() { var x, y any = []int{1}, []int{1}; println(x == y) })
	try(func() { panic("x") })
	try(func() { var c chan int; close(c) })
}
