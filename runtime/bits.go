package runtime

// Operations of the machine, or of the compiler's library.

// trailingZeros64 counts the zero bits below the lowest one.
func trailingZeros64(x uint64) int
func onesCount64(x uint64) int
func leadingZeros64(x uint64) int
