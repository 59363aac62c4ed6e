//go:build amd64 || 386

package runtime

import _ "unsafe" // for linkname

// Besides cpuid (profile.go), package internal/cpu asks what the processor can do to choose among Go's assembly, of which there is none here.

//go:linkname cpu_xgetbv internal/cpu.xgetbv
func cpu_xgetbv() (a, d uint32) { return 0, 0 }

//go:linkname cpu_level internal/cpu.getGOAMD64level
func cpu_level() int32 { return 1 }
