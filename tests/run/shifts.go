// Shifts: by more than the width, of signed values, by values of every type, and by negative ones.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
package main

//go:noinline
func shl(x uint32, n uint) uint32 { return x << n }

//go:noinline
func sar(x int32, n uint8) int32 { return x >> n }

//go:noinline
func shl64(x uint64, n int) uint64 { return x << n }

//go:noinline
func sar64(x int64, n uint16) int64 { return x >> n }

//go:noinline
func shr8(x uint8, n uint64) uint8 { return x >> n }

//go:noinline
func sar8(x int8, n int8) (r int8) {
	defer func() {
		if e := recover(); e != nil {
			println(e.(error).Error())
			r = 99
		}
	}()
	return x >> n
}

func main() {
	for _, n := range []uint{0, 1, 7, 31, 32, 33, 255, 256, 1 << 20} {
		println(n, shl(0x80000001, n), sar(-5, uint8(n)), shl64(3, int(n)), sar64(-1<<62, uint16(n)), shr8(200, uint64(n)))
	}
	println(sar8(-128, 3), sar8(-128, 100), sar8(1, -1))
	var one uint8 = 1
	println(one<<7, one<<8>>8, int16(one)<<15, 1<<one)
	x := uint16(0x1234)
	x <<= 4
	x |= x >> 8
	println(x, x<<12|x>>4)
	println(shr8(255, 1<<40))
}
