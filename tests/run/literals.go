// Keys of struct literals that are fields of embedded structs (since Go 1.27).
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino

//go:build go1.27

package main

type point struct{ x, y int16 }

type named struct {
	name string
	point
}

type shape struct {
	named
	sides [4]point
	fill  any
}

var global = shape{name: "global", fill: 3, y: 7}

func next(n *int16) int16 {
	*n++
	return *n
}

func main() {
	var n int16
	s := shape{y: next(&n), name: "local", x: next(&n), sides: [4]point{1: {x: next(&n)}}}
	println(s.name, s.x, s.y, s.sides[1].x, s.fill == nil)
	p := &named{x: 5}
	println(p.name == "", p.x, p.y)
	println(global.name, global.x, global.y, global.fill.(int))
	for _, v := range []named{{x: 1, name: "a"}, {y: 2}} {
		println(v.name, v.x, v.y)
	}
	m := map[point]named{{1, 2}: {point: point{1, 2}}}
	println(m[point{1, 2}].y)
}
