//go:build gc.stress

package runtime

import "unsafe"

// Collections all the time, and nothing left of what they free: with -tags=gc.stress, a pointer that the collector does
// not see shows soon and every time.

const gcStress = true

var stressRandom, stressCount uint32

// stressDue tells before every allocation whether to collect first: after 1 to 16 of them, so that no loop stays in step.
func stressDue() bool {
	if stressCount > 0 {
		stressCount--
		return false
	}
	stressRandom = stressRandom*1664525 + 1013904223
	stressCount = stressRandom >> 28
	return true
}

// stressPoison overwrites a free block. The bytes are no address, make no text and are odd.
func stressPoison(b uintptr) {
	p := heapStart + b*blockSize
	for end := p + blockSize; p < end; p++ {
		*(*uint8)(unsafe.Pointer(p)) = 0xdb
	}
}
