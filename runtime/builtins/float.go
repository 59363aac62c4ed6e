//go:build baremetal && !cortexm && !tinygo.wasm

package runtime

// Floats in integer registers, under the names that all of LLVM's targets know except Arm's (float_arm.S maps those).

//export __adddf3
func adddf3(a, b uint64) uint64 { return fadd64(a, b) }

//export __subdf3
func subdf3(a, b uint64) uint64 { return fsub64(a, b) }

//export __muldf3
func muldf3(a, b uint64) uint64 { return fmul64(a, b) }

//export __divdf3
func divdf3(a, b uint64) uint64 { return fdiv64(a, b) }

//export __addsf3
func addsf3(a, b uint32) uint32 { return fadd32(a, b) }

//export __subsf3
func subsf3(a, b uint32) uint32 { return fadd32(a, b^1<<31) }

//export __mulsf3
func mulsf3(a, b uint32) uint32 { return fmul32(a, b) }

//export __divsf3
func divsf3(a, b uint32) uint32 { return fdiv32(a, b) }

// Comparisons return a number that the caller compares with zero; for NaN one that makes the comparison false.

func compare(a, b uint64, nan int32) int32 {
	c, isNaN := fcmp64(a, b)
	if isNaN {
		return nan
	}
	return c
}

//export __eqdf2
func eqdf2(a, b uint64) int32 { return compare(a, b, 1) }

//export __nedf2
func nedf2(a, b uint64) int32 { return compare(a, b, 1) }

//export __ltdf2
func ltdf2(a, b uint64) int32 { return compare(a, b, 1) }

//export __ledf2
func ledf2(a, b uint64) int32 { return compare(a, b, 1) }

//export __gtdf2
func gtdf2(a, b uint64) int32 { return compare(a, b, -1) }

//export __gedf2
func gedf2(a, b uint64) int32 { return compare(a, b, -1) }

//export __unorddf2
func unorddf2(a, b uint64) int32 { return unordered(a, b) }

func unordered(a, b uint64) int32 {
	const inf = 0x7FF << 52
	if a&^(1<<63) > inf || b&^(1<<63) > inf {
		return 1
	}
	return 0
}

//export __eqsf2
func eqsf2(a, b uint32) int32 { return compare(f32to64(a), f32to64(b), 1) }

//export __nesf2
func nesf2(a, b uint32) int32 { return compare(f32to64(a), f32to64(b), 1) }

//export __ltsf2
func ltsf2(a, b uint32) int32 { return compare(f32to64(a), f32to64(b), 1) }

//export __lesf2
func lesf2(a, b uint32) int32 { return compare(f32to64(a), f32to64(b), 1) }

//export __gtsf2
func gtsf2(a, b uint32) int32 { return compare(f32to64(a), f32to64(b), -1) }

//export __gesf2
func gesf2(a, b uint32) int32 { return compare(f32to64(a), f32to64(b), -1) }

//export __unordsf2
func unordsf2(a, b uint32) int32 { return unordered(f32to64(a), f32to64(b)) }

// Conversions.

//export __extendsfdf2
func extendsfdf2(a uint32) uint64 { return f32to64(a) }

//export __truncdfsf2
func truncdfsf2(a uint64) uint32 { return f64to32(a) }

//export __fixdfdi
func fixdfdi(a uint64) int64 {
	v, _ := f64toint(a)
	return v
}

//export __fixdfsi
func fixdfsi(a uint64) int32 {
	v, _ := f64toint(a)
	return int32(v)
}

//export __fixsfdi
func fixsfdi(a uint32) int64 {
	v, _ := f64toint(f32to64(a))
	return v
}

//export __fixsfsi
func fixsfsi(a uint32) int32 {
	v, _ := f64toint(f32to64(a))
	return int32(v)
}

//export __fixunsdfdi
func fixunsdfdi(a uint64) uint64 { return f64touint64(a) }

//export __fixunsdfsi
func fixunsdfsi(a uint64) uint32 { return uint32(f64touint64(a)) }

//export __fixunssfdi
func fixunssfdi(a uint32) uint64 { return f64touint64(f32to64(a)) }

//export __fixunssfsi
func fixunssfsi(a uint32) uint32 { return uint32(f64touint64(f32to64(a))) }

//export __floatdidf
func floatdidf(v int64) uint64 { return fintto64(v) }

//export __floatsidf
func floatsidf(v int32) uint64 { return fintto64(int64(v)) }

//export __floatundidf
func floatundidf(v uint64) uint64 { return fuint64to64(v) }

//export __floatunsidf
func floatunsidf(v uint32) uint64 { return fuint64to64(uint64(v)) }

//export __floatdisf
func floatdisf(v int64) uint32 { return fintto32(v) }

//export __floatsisf
func floatsisf(v int32) uint32 { return fintto32(int64(v)) }

//export __floatundisf
func floatundisf(v uint64) uint32 { return fuint64to32(v) }

//export __floatunsisf
func floatunsisf(v uint32) uint32 { return fuint64to32(uint64(v)) }
