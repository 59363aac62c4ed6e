// Untyped strings and shift counts that nothing converts; functions instantiated in part.
//
// run: host wasip1

package main

const digits = "0123456789"

func pair[A, B any](a A, b B) (A, B) { return a, b }

func apply[T any](x T, f func(T) T) T { return f(x) }
func id[T any](x T) T                 { return x }

var sink uint = 3

func main() {
	i := int(sink)
	println(digits[i], digits[1:i], "xyz"[i-1:], len(digits[:i]))
	b := make([]byte, 4)
	n := copy(b, "héy")
	b = append(b, "tail"...)
	b = append(b, digits...)
	println(n, string(b))
	for i, c := range "aé" {
		println(i, c)
	}
	for range digits {
		n++
	}
	println(n, 1<<i, i<<3, i>>1.0, -8>>2, uint8(1)<<7, 1<<sink)
	x, y := pair[int8](5, "s")
	println(x, y, apply(4, id), apply[string]("q", id[string]))
	f := pair[bool, rune]
	p, q := f(true, 'x')
	println(p, q, (-0.5)*float32(i))
	i <<= 2
	println(i)
}
