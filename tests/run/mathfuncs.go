// Package math: functions that Go has in assembly on some machines.
//
// run: host wasip1 cortex-m-qemu riscv-qemu
package main

import "math"

func main() {
	for _, x := range []float64{0, 0.5, -0.5, 2.5, -7.25, 1e300, math.Inf(-1), math.NaN(), math.Copysign(0, -1)} {
		whole, part := math.Modf(x)
		println(math.Floor(x), math.Ceil(x), math.Trunc(x), whole, part)
		println(math.Max(x, 1), math.Min(x, 1), math.Sqrt(math.Abs(x)), math.Hypot(x, 1))
	}
	println(math.Exp(1), math.Exp2(0.5), math.Log(10), math.Log2(8), math.Pow(2, 10))
	println(math.Sin(1), math.Cos(1), math.Atan2(1, 2), math.FMA(2, 3, 4))
}
