//go:build !(gc.conservative || gc.precise) || !(amd64 || arm64 || riscv64 || 386 || arm && !baremetal || wasm)

package runtime

import _ "unsafe" // for linkname

// When to collect is not for the program to say here.
//
//go:linkname debug_setGCPercent runtime/debug.setGCPercent
func debug_setGCPercent(percent int32) int32 { return 100 }

//go:linkname debug_setMemoryLimit runtime/debug.setMemoryLimit
func debug_setMemoryLimit(limit int64) int64 { return 1<<63 - 1 }
