// Arrays and structs are values: copied, compared, nested; their zero values.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
package main

type point struct{ x, y int16 }

type shape struct {
	name   string
	corner [3]point
	hole   *point
	_      int
	any    interface{}
}

func move(s shape) shape {
	s.corner[1].x += 10
	return s
}

func (p point) add(q point) point { return point{p.x + q.x, p.y + q.y} }

func fill(a [4]int32) (r [4]int32) {
	for i := range a {
		r[len(a)-1-i] = a[i] * 2
	}
	a[0] = -1
	return
}

func main() {
	a := [4]int32{1, 2, 3}
	b := a
	b[3] = 4
	c := fill(b)
	println(a == b, a[3], b[0], c[0], c[3], c == [4]int32{8, 6, 4, 2})
	s := shape{name: "tri", corner: [3]point{{1, 2}, {3, 4}}}
	t := move(s)
	println(s == t, s.corner[1].x, t.corner[1].x, s.corner[2] == point{})
	t.corner[1].x -= 10
	println(s == t, s != t)
	t.any = 1
	println(s == t)
	s.any = 1
	println(s == t)
	t.hole = &t.corner[0]
	t.hole.y = 77
	println(s == t, t.corner[0].y)
	grid := [3][2]point{1: {{1, 1}, {2, 2}}}
	row := grid[1]
	row[0].x = 50
	println(grid[1][0].x, row[0].x, grid[2] == [2]point{}, grid[1][1].add(row[0]).x)
	for i, r := range grid {
		grid[i][0].x = 9
		print(r[0].x, " ")
	}
	println(grid[2][0].x)
	p := &grid
	for i := range p {
		p[i][1] = point{int16(i), 0}
	}
	println(len(p), grid[2][1].x)
	anon := struct {
		point
		n int8
	}{point{5, 6}, 7}
	println(anon.x, anon.y, anon.n, anon == struct {
		point
		n int8
	}{point{5, 6}, 7})
	f := [2]float32{0, 1}
	g := f
	z := float32(0)
	g[0] = -z
	println(f == g, [0]int{} == [0]int{})
	m, n := [2]string{"a", "b"}, [2]string{"a", "c"}
	println(m == n, m != n)
	m, n = n, m
	println(m[1], n[1])
}
