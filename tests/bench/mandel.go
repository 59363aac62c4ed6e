// Floating point in registers: points of a square that stay within a circle for 50 steps.
package main

func steps(cr, ci float64) int {
	var r, i, rr, ii float64
	for n := range 50 {
		if rr+ii > 4 {
			return n
		}
		i = 2*r*i + ci
		r = rr - ii + cr
		rr, ii = r*r, i*i
	}
	return 50
}

func main() {
	const size = 1800
	sum, inside := 0, 0
	for y := range size {
		for x := range size {
			n := steps(2*float64(x)/size-1.5, 2*float64(y)/size-1)
			sum += n
			if n == 50 {
				inside++
			}
		}
	}
	println(sum, inside)
}
