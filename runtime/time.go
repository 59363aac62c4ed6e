package runtime

import _ "unsafe" // for linkname

// nanotime is the time since an arbitrary start, in nanoseconds.
func nanotime() int64 { return ticksToNanoseconds(ticks()) }

//go:linkname time_runtimeNano time.runtimeNano
func time_runtimeNano() int64 {
	if bubbleInside() {
		return curg.bubble.now
	}
	return nanotime()
}

//go:linkname time_now time.now
func time_now() (sec int64, nsec int32, mono int64) {
	sec, nsec = walltime()
	return sec, nsec, nanotime()
}

//go:linkname time_runtimeNow time.runtimeNow
func time_runtimeNow() (sec int64, nsec int32, mono int64) {
	if bubbleInside() {
		now := curg.bubble.now
		return now / 1e9, int32(now % 1e9), 0
	}
	return time_now()
}

//go:linkname time_runtimeIsBubbled time.runtimeIsBubbled
func time_runtimeIsBubbled() bool { return bubbleInside() }

// haveHighResSleep is what tests of package time ask: a sleep takes a millisecond more at the most.
var haveHighResSleep = true
