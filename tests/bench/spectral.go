// Floating point over slices, with divisions of integers: the norm of a matrix that is computed on the way.
package main

import "math"

func element(i, j int) float64 { return 1 / float64((i+j)*(i+j+1)/2+i+1) }

func times(v, out []float64) {
	for i := range out {
		sum := 0.0
		for j, x := range v {
			sum += element(i, j) * x
		}
		out[i] = sum
	}
}

func transposedTimes(v, out []float64) {
	for i := range out {
		sum := 0.0
		for j, x := range v {
			sum += element(j, i) * x
		}
		out[i] = sum
	}
}

func main() {
	const n = 2000
	u, v, between := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range u {
		u[i] = 1
	}
	for range 10 {
		times(u, between)
		transposedTimes(between, v)
		times(v, between)
		transposedTimes(between, u)
	}
	var uv, vv float64
	for i := range u {
		uv += u[i] * v[i]
		vv += v[i] * v[i]
	}
	println(int64(math.Sqrt(uv/vv) * 1e9))
}
