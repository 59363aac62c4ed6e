package runtime

// maxAligned has the largest alignment of any Go value.
type maxAligned struct {
	a uint64
	b float64
	c uintptr
}

// outOfMemory prints no trace: whatever allocates must have room on its stack for all that may be called from there.
func outOfMemory() {
	printstring("fatal error: out of memory\n")
	exit(2)
}
