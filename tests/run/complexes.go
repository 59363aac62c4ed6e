// Complex numbers: arithmetic, comparison, print's format, conversions.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: soft floats of 64 bits take all its time
package main

var zero complex128

func mandel(c complex128) int {
	z := complex128(0)
	for i := range 50 {
		if real(z)*real(z)+imag(z)*imag(z) > 4 {
			return i
		}
		z = z*z + c
	}
	return 50
}

func main() {
	a, b := 1+2i, complex(3, -4)
	println(a, b, a+b, a-b, a*b, a/b, -a)
	println(real(a), imag(b), a == b, a != b, a == complex(1, 2))
	var c complex64 = complex64(a)
	c *= c
	c += 0.5
	println(c, real(c), imag(c), complex128(c) == -2.5+4i)
	println(1/zero == 1/zero, zero == 0, 1i*1i)
	println(a/zero, zero*b)
	z := []complex128{1, 1i, -1, -1i}
	p := complex128(1)
	for i := range z {
		p *= z[i] + 1
	}
	println(p)
	for y := -1.0; y <= 1; y += 0.5 {
		for x := -2.0; x <= 0.5; x += 0.25 {
			if mandel(complex(x, y)) == 50 {
				print("#")
			} else {
				print(".")
			}
		}
		println()
	}
	var i any = a
	println(i == any(1+2i), i == any(c))
}
