//go:build cortexm || arm && !baremetal && !tinygo.wasm

package runtime

// Floats in integer registers, under the names of the run-time ABI for the Arm architecture (RTABI32, section 4.1).

func truth(b bool) int32 {
	if b {
		return 1
	}
	return 0
}

//export __aeabi_dadd
func dadd(a, b uint64) uint64 { return fadd64(a, b) }

//export __aeabi_fadd
func fadd(a, b uint32) uint32 { return fadd32(a, b) }

//export __aeabi_dsub
func dsub(a, b uint64) uint64 { return fsub64(a, b) }

//export __aeabi_dmul
func dmul(a, b uint64) uint64 { return fmul64(a, b) }

//export __aeabi_fmul
func fmul(a, b uint32) uint32 { return fmul32(a, b) }

//export __aeabi_ddiv
func ddiv(a, b uint64) uint64 { return fdiv64(a, b) }

//export __aeabi_fdiv
func fdiv(a, b uint32) uint32 { return fdiv32(a, b) }

//export __aeabi_fsub
func fsub(a, b uint32) uint32 { return fadd32(a, b^1<<31) }

//export __aeabi_drsub
func drsub(a, b uint64) uint64 { return fsub64(b, a) }

//export __aeabi_frsub
func frsub(a, b uint32) uint32 { return fadd32(b, a^1<<31) }

//export __aeabi_dcmpeq
func dcmpeq(a, b uint64) int32 {
	c, nan := fcmp64(a, b)
	return truth(c == 0 && !nan)
}

//export __aeabi_fcmpeq
func fcmpeq(a, b uint32) int32 { return dcmpeq(f32to64(a), f32to64(b)) }

//export __aeabi_dcmplt
func dcmplt(a, b uint64) int32 {
	c, nan := fcmp64(a, b)
	return truth(c < 0 && !nan)
}

//export __aeabi_fcmplt
func fcmplt(a, b uint32) int32 { return dcmplt(f32to64(a), f32to64(b)) }

//export __aeabi_dcmple
func dcmple(a, b uint64) int32 {
	c, nan := fcmp64(a, b)
	return truth(c <= 0 && !nan)
}

//export __aeabi_fcmple
func fcmple(a, b uint32) int32 { return dcmple(f32to64(a), f32to64(b)) }

//export __aeabi_dcmpgt
func dcmpgt(a, b uint64) int32 {
	c, nan := fcmp64(a, b)
	return truth(c > 0 && !nan)
}

//export __aeabi_fcmpgt
func fcmpgt(a, b uint32) int32 { return dcmpgt(f32to64(a), f32to64(b)) }

//export __aeabi_dcmpge
func dcmpge(a, b uint64) int32 {
	c, nan := fcmp64(a, b)
	return truth(c >= 0 && !nan)
}

//export __aeabi_fcmpge
func fcmpge(a, b uint32) int32 { return dcmpge(f32to64(a), f32to64(b)) }

//export __aeabi_dcmpun
func dcmpun(a, b uint64) int32 {
	_, nan := fcmp64(a, b)
	return truth(nan)
}

//export __aeabi_fcmpun
func fcmpun(a, b uint32) int32 { return dcmpun(f32to64(a), f32to64(b)) }

//export __aeabi_f2d
func f2d(a uint32) uint64 { return f32to64(a) }

//export __aeabi_d2f
func d2f(a uint64) uint32 { return f64to32(a) }

//export __aeabi_d2lz
func d2lz(a uint64) int64 {
	v, _ := f64toint(a)
	return v
}

//export __aeabi_d2iz
func d2iz(a uint64) int32 {
	v, _ := f64toint(a)
	return int32(v)
}

//export __aeabi_d2ulz
func d2ulz(a uint64) uint64 { return f64touint64(a) }

//export __aeabi_d2uiz
func d2uiz(a uint64) uint32 { return uint32(f64touint64(a)) }

//export __aeabi_f2lz
func f2lz(a uint32) int64 {
	v, _ := f64toint(f32to64(a))
	return v
}

//export __aeabi_f2iz
func f2iz(a uint32) int32 {
	v, _ := f64toint(f32to64(a))
	return int32(v)
}

//export __aeabi_f2ulz
func f2ulz(a uint32) uint64 { return f64touint64(f32to64(a)) }

//export __aeabi_f2uiz
func f2uiz(a uint32) uint32 { return uint32(f64touint64(f32to64(a))) }

//export __aeabi_l2d
func l2d(v int64) uint64 { return fintto64(v) }

//export __aeabi_i2d
func i2d(v int32) uint64 { return fintto64(int64(v)) }

//export __aeabi_ul2d
func ul2d(v uint64) uint64 { return fuint64to64(v) }

//export __aeabi_ui2d
func ui2d(v uint32) uint64 { return fuint64to64(uint64(v)) }

//export __aeabi_l2f
func l2f(v int64) uint32 { return fintto32(v) }

//export __aeabi_i2f
func i2f(v int32) uint32 { return fintto32(int64(v)) }

//export __aeabi_ul2f
func ul2f(v uint64) uint32 { return fuint64to32(v) }

//export __aeabi_ui2f
func ui2f(v uint32) uint32 { return fuint64to32(uint64(v)) }
