package runtime

import "unsafe"

// The functions behind print and println. They write to the port's standard error or serial port, byte by byte.

func printlock()   {}
func printunlock() {}

func printsp() { putchar(' ') }
func printnl() { putchar('\n') }

func printstring(s string) {
	for i := 0; i < len(s); i++ {
		putchar(s[i])
	}
}

func printbool(v bool) {
	if v {
		printstring("true")
	} else {
		printstring("false")
	}
}

// printdecimal is compiled for each width: a division of 64 bits costs a small chip 2 KB.
func printdecimal[T uint32 | uint64](v T) {
	var digits [20]byte
	i := len(digits)
	for {
		i--
		digits[i] = byte('0' + v%10)
		v /= 10
		if v == 0 {
			break
		}
	}
	for ; i < len(digits); i++ {
		putchar(digits[i])
	}
}

func printuint32(v uint32) { printdecimal(v) }
func printuint64(v uint64) { printdecimal(v) }

func printint32(v int32) {
	u := uint32(v)
	if v < 0 {
		putchar('-')
		u = -u
	}
	printuint32(u)
}

func printint64(v int64) {
	u := uint64(v)
	if v < 0 {
		putchar('-')
		u = -u
	}
	printuint64(u)
}

func printuintptr(v uintptr) { printuint64(uint64(v)) }

func printhex(v uintptr) {
	const digits = "0123456789abcdef"
	printstring("0x")
	shift := int(unsafe.Sizeof(v))*8 - 4
	for shift > 0 && v>>uint(shift) == 0 {
		shift -= 4
	}
	for ; shift >= 0; shift -= 4 {
		putchar(digits[v>>uint(shift)&15])
	}
}

func printpointer(p unsafe.Pointer) { printhex(uintptr(p)) }

func printslice(p unsafe.Pointer, len, cap int) {
	putchar('[')
	printint64(int64(len))
	putchar('/')
	printint64(int64(cap))
	putchar(']')
	printpointer(p)
}

func printeface(v any) {
	e := (*eface)(unsafe.Pointer(&v))
	putchar('(')
	printpointer(unsafe.Pointer(e.typ))
	putchar(',')
	printpointer(e.data)
	putchar(')')
}

func printcomplex64(v complex64) {
	putchar('(')
	printfloat32(real(v))
	printimag(float64(imag(v)), 24)
}

func printcomplex128(v complex128) {
	putchar('(')
	printfloat64(real(v))
	printimag(imag(v), 53)
}

// printimag prints an imaginary part with its sign.
func printimag(v float64, precision uint) {
	if v == v && (v > 0 || v == 0 && 1/v > 0) && v <= maxFloat64 {
		putchar('+')
	}
	printfloat(v, precision)
	printstring("i)")
}

func printfloat32(v float32) { printfloat(float64(v), 24) }
func printfloat64(v float64) { printfloat(v, 53) }
