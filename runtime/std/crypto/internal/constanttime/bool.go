package constanttime

import "unsafe"

// boolToUint8 gives 1 for true and 0 for false without a branch: that is how a bool is stored.
func boolToUint8(b bool) uint8 { return *(*uint8)(unsafe.Pointer(&b)) }
