//go:build linux && amd64 && !baremetal

package runtime

import "unsafe"

// hasCallTable says whether programs can have a table of their calls.
const hasCallTable = true

//go:extern runtime_callTable
var callTableSymbol [0]byte

func callTable() *callTableHeader {
	return (*callTableHeader)(unsafe.Pointer(&callTableSymbol))
}

// here writes where it returns to, and the stack pointer then.
//
//export runtime_here
func here(at *[2]uintptr)
