//go:build cortexm

package runtime

// clz32 counts the zero bits above the highest one, for ARMv6-M, which has no instruction for it.
//
//export __clzsi2
func clz32(x uint32) int32 {
	n := int32(32)
	for ; x != 0; x >>= 1 {
		n--
	}
	return n
}
