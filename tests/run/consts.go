// Constants: exact arithmetic, iota, untyped kinds, typed enumerations.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
package main

type weekday uint8

const (
	monday weekday = iota
	tuesday
	_
	thursday
)

const (
	kb = 1 << (10 * (iota + 1))
	mb
	gb
)

const (
	a, b = iota, iota * 10
	c, d
	_, _
	e, f
)

const huge = 1 << 200
const third = 1.0 / 3
const (
	big   = huge >> 190
	exact = third * 3
	name  = "con" + "st"
	size  = len(name)
	char  = 'a' + 1
	neg   = -5 / 2
	rem   = -5 % 3
	mask  = ^uint8(0x0f)
	isBig = huge > 1<<100 && name == "const"
)

func (d weekday) String() string { return "day" + string(rune('0'+d)) }

func main() {
	println(monday, tuesday, thursday, thursday.String())
	println(kb, mb, gb)
	println(a, b, c, d, e, f)
	println(big, exact == 1, name, size, char, string(rune(char)), neg, rem, mask, isBig)
	var x uint8 = 'z' - 'a'
	var y float32 = 7 / 2
	var z = 7 / 2.0
	println(x, y == 3, z == 3.5)
	const maxU = 1<<64 - 1
	var u uint64 = maxU
	println(u, uint64(maxU/1000000007))
	var arr [size * 2]int
	println(len(arr), len([...]int{5: 1, 2, 3}))
	println(0b1010, 0o17, 0xff, 1_000_000, '\x41', '\u00e9', "\t|\u65e5\x21")
}
