package runtime

// maxAligned has the largest alignment of any Go value.
type maxAligned struct {
	a uint64
	b float64
	c uintptr
}

func outOfMemory() { throw("out of memory") }
