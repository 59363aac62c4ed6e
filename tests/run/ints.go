// Integers of all sizes: overflow wraps, division truncates, conversions cut or extend.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
package main

var (
	i8  int8   = 127
	i16 int16  = -32768
	i32 int32  = 1 << 30
	i64 int64  = -1 << 63
	u8  uint8  = 200
	u16 uint16 = 65535
	u32 uint32 = 4000000000
	u64 uint64 = 1<<64 - 1
)

func main() {
	println(i8+1, -i8, i8*i8, i8/10, i8%10, i8&^15)
	println(i16-1, -i16, i16*3, i16/7, i16%7)
	println(i32*4, i32*3, -i32/1000, -i32%1000)
	println(i64-1, -i64, i64*3, i64/-1, i64%-1, i64/10, i64%10)
	println(u8+100, -u8, u8*u8, u8/7, u8%7, u8^0xff)
	println(u16+1, u16*u16, u16/10, u16%10)
	println(u32+u32, u32*u32, u32/10, u32%10, ^u32)
	println(u64+2, u64*u64, u64/10, u64%10, u64/u64, u64%1000000007)
	println(int8(u8), uint8(i8), int16(u32), uint16(i64), uint32(i8), int64(i8), uint64(i16), int32(u64))
	println(u64/uint64(u32), u64%uint64(u32), i64/int64(i32), i64%int64(i32))
	var sum int64
	for d := int64(-7); d <= 7; d++ {
		if d != 0 {
			sum += i64/d ^ i64%d
		}
	}
	println(sum)
	x, y := uint32(0xdeadbeef), uint32(0x12345678)
	println(x&y, x|y, x^y, x&^y, ^x)
	i8++
	u8--
	u16 += 7
	i64 /= 3
	println(i8, u8, u16, i64)
	println(i8 < 0, u8 > 100, i16 <= i16, i64 >= 0, u64 > 1<<63, i32 == 1<<30, u32 != 1)
}
