// NaNs keep their bits on all ways from function to function, and floats are rounded at every step.
//
// run: host linux/386 linux/arm linux/arm64 linux/riscv64 wasip1 riscv-qemu

package main

import "math"

type number interface {
	f32() float32
	f64() float64
}

type bits struct {
	a uint32
	b uint64
}

//go:noinline
func (b bits) f32() float32 { return math.Float32frombits(b.a) }

//go:noinline
func (b bits) f64() float64 { return math.Float64frombits(b.b) }

//go:noinline
func several(b bits) (float32, int, float64, float64, float32) {
	return b.f32(), 1, b.f64(), b.f64(), b.f32()
}

type pair struct {
	x float32
	n int
	y float64
}

//go:noinline
func both(b bits) pair { return pair{b.f32(), 2, b.f64()} }

//go:noinline
func through(x float32, y float64, p pair, z complex128, n int64, w float32) (complex128, pair, float32, int64) {
	return z, p, w, n
}

var f32, f64 = math.Float32frombits, math.Float64frombits

//go:noinline
func sum(a, b, c float64) float64 { return a + b - c }

//go:noinline
func product(a, b float32) float32 { return a * b }

//go:noinline
func average(xs ...float32) (m float32) {
	for _, x := range xs {
		m += x
	}
	return m / float32(len(xs))
}

//go:noinline
func convert(x float64) (int64, uint64, uint32, int32) {
	return int64(x), uint64(x), uint32(int64(x)), int32(x)
}

//go:noinline
func back(i int64, u uint64) (float64, float64, float32, float32) {
	return float64(i), float64(u), float32(i), float32(u)
}

func main() {
	signalling := bits{0x7f800001, 0x7ff0_0000_0000_0001}
	var n number = signalling
	println(math.Float32bits(n.f32()) == signalling.a, math.Float64bits(n.f64()) == signalling.b)
	println(math.Float32bits(f32(signalling.a)) == signalling.a, math.Float64bits(f64(signalling.b)) == signalling.b)
	a, i, b, c, d := several(signalling)
	println(math.Float32bits(a), i, math.Float64bits(b), math.Float64bits(c), math.Float32bits(d))
	p := both(signalling)
	println(math.Float32bits(p.x), p.n, math.Float64bits(p.y))
	z, q, w, k := through(a, b, p, complex(b, c), 1<<40, d)
	println(math.Float64bits(real(z)), math.Float64bits(imag(z)), math.Float32bits(q.x), q.n, math.Float64bits(q.y), math.Float32bits(w), k)
	results := make(chan float64, 1)
	go func() { results <- signalling.f64() }()
	println(math.Float64bits(<-results))

	println(sum(1<<53, 1, 1<<53), product(16777217, 3), product(1e30, 1e30), average(16777216, 1, 1))
	println(sum(math.MaxFloat64, math.MaxFloat64, math.MaxFloat64), math.Sqrt(2)*math.Sqrt(2) == 2)
	for _, x := range []float64{0, -1.5, 1 << 31, 1<<32 - 1, 1 << 53, 1<<62 + 1<<20} {
		i, u, u32, i32 := convert(math.Abs(x))
		println(i, u, u32)
		if x < 1<<31 {
			println(i32)
		}
	}
	u := uint64(float64(1<<63) * (1 + 0x1p-52))
	println(u, uint64(float32(1<<63)))
	for _, u := range []uint64{0, 1, 1<<24 + 1, 1<<53 + 1, 1<<63 - 1, 1 << 63, 1<<63 + 1025, 1<<64 - 1, 1<<40 + 1<<16} {
		a, b, c, d := back(int64(u), u)
		println(math.Float64bits(a), math.Float64bits(b), math.Float32bits(c), math.Float32bits(d))
	}
}
