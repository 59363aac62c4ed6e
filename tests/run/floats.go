// Floating point: print's format, arithmetic of both sizes, special values, conversions.
//
// run: host linux/386 linux/arm linux/arm64 linux/riscv64 wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: soft floats of 64 bits take all its time
package main

var (
	zero float64
	one  = 1.0
	f32  = float32(16777216)
	big  = 1e300
)

func newton(x float64) float64 {
	z := 1.0
	for range 20 {
		z -= (z*z - x) / (2 * z)
	}
	return z
}

func main() {
	println(0.0, 1.0, -1.5, 3.14159265358979, 1e100, -2.5e-10, 123456.789)
	inf := one / zero
	nan := zero / zero
	println(inf, -inf, nan, big*big, -one/inf)
	println(nan == nan, nan != nan, nan < 1, nan > 1, inf > big, zero == -zero)
	println(f32+1, f32+2, f32*3, f32/7, float32(0.1))
	println(newton(2), newton(144), newton(0.0625))
	println(float64(float32(0.1)) == 0.1, float32(1e10), float64(1<<53)+1)
	println(int(one*3.99), int(-one*3.99), int64(one*1e15), uint8(one*200), int32(f32), uint64(one*1e19))
	i, u, n := 7, uint64(1<<63), int64(-1<<62)
	println(float64(i)/2, float32(u), float64(u), float64(n), float32(i))
	sum := float32(0)
	for i := 1; i <= 100; i++ {
		sum += 1 / float32(i)
	}
	println(sum)
	d := 0.0
	for i := 1; i <= 1000; i++ {
		d += 1 / float64(i) / float64(i)
	}
	println(d)
	tiny := 5e-324
	println(tiny, tiny/2, tiny*3, big*1e8*10, float32(1e-45))
	println(one+1e-16 == one, one+3e-16 == one, 0.1+0.2 == one*0.3)
	x := 10.0
	x /= 4
	x -= 0.5
	x++
	println(x, -x, +x)
	println(one < 2, one <= 1, one >= 2, f32 > 1, f32 == 16777216, one != 1)
}
