//go:build (gc.conservative || gc.precise) && (amd64 || arm64 || riscv64 || 386 || arm && !baremetal || wasm)

package runtime

import "unsafe"

// The heap of machines with memory to spare and 64-bit arithmetic.
//
// It is an array of blocks of 16 bytes. Behind the last block, four bits for each say what it is, a word of each kind for
// 64 blocks, so that searching, marking and sweeping look at 64 blocks at once. Objects are a head and the blocks after
// it. Small ones are cut from a hole, a run of free blocks that is cleared when it is found; all of a hole counts as used
// until the next collection, which gives back what is left of it. Anything on a stack, in a global or in an object that
// looks like an address of a block keeps the object that the block belongs to; objects without pointers are not searched.

const (
	blockSize = 16
	perWord   = 64
	largest   = 2048     // bytes of what is cut from holes
	holeSize  = 16 << 10 // largest hole: as much as is cleared at once
	leastHeap = 4 << 20  // bytes that are allocated at least between two collections, as in Go
)

type blockBits struct {
	head uint64 // the first block of an object
	used uint64 // any block of one
	mark uint64 // of heads: found to be reachable
	flat uint64 // of heads: without pointers; where a large object fills the word, the number of words back to its head
}

var (
	heapStart uintptr // address of block 0
	heapEnd   uintptr // first address after the heap, bits included
	bits      uintptr // address of the bits
	blocks    uintptr // number of blocks, a multiple of perWord

	holeNext, holeEnd uintptr // addresses: what is left of the hole
	nextSmall         uintptr // block from which on the next hole is looked for
	nextLarge         uintptr // and a place for a large object
	fresh             uintptr // address from which on memory has never been used and is zero

	allocated  uintptr // blocks, since the last collection; a hole counts as a whole
	allowance  uintptr // blocks, until the next one
	liveBlocks uintptr // after the last one
)

func initHeap() {
	start, end := heapBounds()
	heapStart = (start + blockSize - 1) &^ (blockSize - 1)
	fresh = heapStart
	setHeapEnd(end)
	heapSettings()
	setAllowance()
}

// setHeapEnd divides the memory up to end between blocks and their bits.
func setHeapEnd(end uintptr) {
	heapEnd = end
	words := (end - heapStart) / (perWord*blockSize + unsafe.Sizeof(blockBits{}))
	blocks = words * perWord
	bits = heapStart + blocks*blockSize
}

func heapInUse() bool { return bits != 0 }

// bitsOf is the bits of the 64 blocks that b is one of.
func bitsOf(b uintptr) *blockBits {
	return (*blockBits)(unsafe.Pointer(bits + b/perWord*unsafe.Sizeof(blockBits{})))
}

func roundupsize(size uintptr) uintptr { return (size + blockSize - 1) &^ (blockSize - 1) }

// alloc returns zeroed memory. The layout word is kept for the collector.
func alloc(size, layout uintptr) unsafe.Pointer {
	p := holeNext
	next := p + (size+blockSize-1)&^(blockSize-1)
	if next-p-1 >= holeEnd-p || gcStress { // no size, or no room
		return allocSlow(size, layout)
	}
	holeNext = next
	mallocCount++
	mallocBytes += uint64(size)
	setHead(p, layout)
	return unsafe.Pointer(p)
}

func setHead(p, layout uintptr) {
	b := (p - heapStart) / blockSize
	w := bitsOf(b)
	bit := uint64(1) << (b % perWord)
	w.head |= bit
	if layout == layoutNoPointers {
		w.flat |= bit
	}
}

//go:noinline
func allocSlow(size, layout uintptr) unsafe.Pointer {
	if size == 0 {
		return unsafe.Pointer(&zerobase)
	}
	if size > maxAlloc {
		outOfMemory()
	}
	if bits == 0 {
		initHeap()
	}
	need := (size + blockSize - 1) / blockSize
	if gcStress && stressDue() {
		collect()
	}
	mallocCount++
	mallocBytes += uint64(size)
	p := uintptr(0)
	if size > largest {
		first := provide(need, need, &nextLarge)
		p = heapStart + first*blockSize
		for b := first&^(perWord-1) + perWord; b+perWord <= first+need; b += perWord {
			bitsOf(b).flat = uint64(b/perWord - first/perWord)
		}
	} else {
		if holeEnd-holeNext < need*blockSize {
			leaveHole()
			first := provide(need, holeSize/blockSize, &nextSmall)
			holeNext = heapStart + first*blockSize
			holeEnd = holeNext + taken*blockSize
		}
		p = holeNext
		holeNext += need * blockSize
	}
	setHead(p, layout)
	return unsafe.Pointer(p)
}

// leaveHole gives back what is left of the hole.
func leaveHole() {
	setUsed((holeNext-heapStart)/blockSize, (holeEnd-holeNext)/blockSize, false)
	holeNext, holeEnd = 0, 0
}

// setUsed says of n blocks from b on that they are used, or free.
func setUsed(b, n uintptr, used bool) {
	for n > 0 {
		here := min(perWord-b%perWord, n)
		mask := ^uint64(0) >> (perWord - here) << (b % perWord)
		if w := bitsOf(b); used {
			w.used |= mask
		} else {
			w.used &^= mask
		}
		b += here
		n -= here
	}
}

// taken is the number of blocks that provide has found.
var taken uintptr

// provide finds free blocks, at least need and at most want, clears them and makes them used. It collects or asks for
// memory on the way, and always finds them.
func provide(need, want uintptr, from *uintptr) uintptr {
	if allocated+need > allowance {
		collect()
	}
	first := noBlock
	for try := 0; ; try++ {
		if first = findFree(need, want, from); first != noBlock {
			break
		}
		// Once more from the start: smaller gaps were passed over for larger objects.
		*from = 0
		if try == 2 {
			outOfMemory()
		}
		if try == 1 && !grow(need) {
			collect()
		}
	}
	allocated += taken
	setUsed(first, taken, true)
	p := heapStart + first*blockSize
	end := p + taken*blockSize
	if p < fresh {
		memzero(unsafe.Pointer(p), min(end, fresh)-p)
	}
	fresh = max(fresh, end)
	return first
}

const noBlock = ^uintptr(0)

// findFree looks for a run of free blocks. What it passes on the way is too small and is left until the next collection.
func findFree(need, want uintptr, from *uintptr) uintptr {
	b := *from
	for {
		b = nextBlock(b, blocks, ^uint64(0))
		if b >= blocks {
			*from = b
			return noBlock
		}
		end := nextBlock(b, min(b+want, blocks), 0)
		if end-b >= need {
			taken = end - b
			*from = end
			return b
		}
		b = end
	}
}

// nextBlock is the first block from b on, below the limit, that is used; with flip, that is free.
func nextBlock(b, limit uintptr, flip uint64) uintptr {
	for b < limit {
		if w := (bitsOf(b).used ^ flip) >> (b % perWord); w != 0 {
			return min(b+uintptr(trailingZeros64(w)), limit)
		}
		b = b&^(perWord-1) + perWord
	}
	return limit
}

// grow asks the port for more memory: half as much again as there is, or as much of that as it gets, but no less than
// the object needs.
func grow(need uintptr) bool {
	least := need*blockSize + need + 4096
	end := growHeap(heapEnd, max(least, (heapEnd-heapStart)/2))
	if end == 0 {
		if end = growHeap(heapEnd, least); end == 0 {
			return false
		}
	}
	old, size := bits, heapEnd-bits
	setHeapEnd(end)
	memmove(unsafe.Pointer(bits), unsafe.Pointer(old), size)
	memzero(unsafe.Pointer(old), min(size, bits-old)) // as if it had never been used
	return true
}

// prepareMarking makes the blocks of objects, and no others, the used ones.
func prepareMarking() { leaveHole() }

// finishMarking searches all that is marked and was not searched yet.
func finishMarking() {
	drainMarks()
	for gcPending {
		gcPending = false
		for b := uintptr(0); b < blocks; b += perWord {
			w := bitsOf(b)
			for heads := w.head & w.mark &^ w.flat; heads != 0; heads &= heads - 1 {
				scanObject(b + uintptr(trailingZeros64(heads)))
				drainMarks()
			}
		}
	}
}

// isMarked tells whether an object was found to be reachable; those outside the heap always are.
func isMarked(address uintptr) bool {
	if address-heapStart >= blocks*blockSize {
		return true
	}
	b := headOf(address)
	return bitsOf(b).mark>>(b%perWord)&1 != 0
}

// headOf is the first block of the object that an address of the heap lies in.
func headOf(address uintptr) uintptr {
	b := (address - heapStart) / blockSize
	w := bitsOf(b)
	heads := w.head & (^uint64(0) >> (perWord - 1 - b%perWord))
	for back := uintptr(1); heads == 0; back = max(1, uintptr(w.flat)) {
		b -= back * perWord
		w = bitsOf(b)
		heads = w.head
	}
	return b | (perWord - 1) - uintptr(leadingZeros64(heads))
}

// scanObject searches one object for pointers, word by word.
func scanObject(b uintptr) {
	w := bitsOf(b)
	if w.flat>>(b%perWord)&1 != 0 {
		return
	}
	p := heapStart + b*blockSize
	// It ends before the next block that is a head or free.
	b++
	for b < blocks {
		w = bitsOf(b)
		if others := (w.head | ^w.used) >> (b % perWord); others != 0 {
			b += uintptr(trailingZeros64(others))
			break
		}
		b = b&^(perWord-1) + perWord
	}
	start, size := heapStart, blocks*blockSize
	for end := start + b*blockSize; p < end; p += wordAlign {
		if word := *(*uintptr)(unsafe.Pointer(p)); word-start < size {
			mark(word)
		}
	}
}

// markRoot marks the object that an address lies in, if it does.
func markRoot(address uintptr) {
	if address-heapStart < blocks*blockSize {
		mark(address)
	}
}

// mark does so for an address of the heap.
func mark(address uintptr) {
	b := (address - heapStart) / blockSize
	if bitsOf(b).used>>(b%perWord)&1 == 0 {
		return
	}
	b = headOf(address)
	w := bitsOf(b)
	bit := uint64(1) << (b % perWord)
	if w.mark&bit != 0 {
		return
	}
	w.mark |= bit
	if w.flat&bit != 0 {
		return
	}
	if markDepth < markRoom {
		markStack[markDepth] = b
		markDepth++
	} else {
		gcPending = true
	}
}

// sweep frees the objects that are not marked.
func sweep() {
	live := uintptr(0)
	over := uint64(0) // the object at the end of the word before is dead, and may go on
	for b := uintptr(0); b < blocks; b += perWord {
		w := bitsOf(b)
		if w.used == 0 {
			over = 0
			continue
		}
		// Adding a bit where tails follow a dead head turns them all to zeros.
		dead := w.head &^ w.mark
		tails := w.used &^ w.head
		gone := dead | tails&^(tails+(dead<<1|over)&tails)
		over = gone >> (perWord - 1)
		if gcStress {
			for rest := gone; rest != 0; rest &= rest - 1 {
				stressPoison(b + uintptr(trailingZeros64(rest)))
			}
		}
		w.head &= w.mark
		w.mark = 0
		w.used &^= gone
		if w.head != 0 || w.used != ^uint64(0) {
			w.flat &= w.head
		}
		live += uintptr(onesCount64(w.used))
	}
	liveBlocks, allocated = live, 0
	nextSmall, nextLarge = 0, 0
	setAllowance()
}

// heapSizes gives the bytes of the heap and those that objects take, dead ones included.
func heapSizes() (sys, inUse uintptr) {
	return heapEnd - heapStart, (liveBlocks + allocated) * blockSize
}

// heapObjects counts the objects, dead ones included.
func heapObjects() uint64 {
	n := uint64(0)
	for b := uintptr(0); b < blocks; b += perWord {
		n += uint64(onesCount64(bitsOf(b).head))
	}
	return n
}

// setAllowance says how much may be allocated until the next collection: as much as is live, for a GOGC of 100, less
// where that would exceed the limit. Close to the limit it is a sixteenth of what is live, so that a program that needs
// more than it may have does not do nothing but collect.
func setAllowance() {
	allowance = ^uintptr(0)
	if gcPercent >= 0 {
		allowance = uintptr(uint64(max(liveBlocks, leastHeap/blockSize)) * uint64(gcPercent) / 100)
	}
	if limit := uint64(memoryLimit) / blockSize; limit < uint64(liveBlocks)+uint64(allowance) || gcPercent < 0 {
		least := uint64(liveBlocks/16 + holeSize/blockSize)
		if limit > uint64(liveBlocks)+least {
			least = limit - uint64(liveBlocks)
		}
		allowance = uintptr(min(least, uint64(allowance)))
	}
}

const noLimit = 1<<63 - 1

var (
	gcPercent   int32 = 100 // negative: off
	memoryLimit int64 = noLimit
)

//go:linkname debug_setGCPercent runtime/debug.setGCPercent
func debug_setGCPercent(percent int32) int32 {
	if bits == 0 {
		initHeap()
	}
	old := gcPercent
	gcPercent = max(percent, -1)
	collect()
	return old
}

//go:linkname debug_setMemoryLimit runtime/debug.setMemoryLimit
func debug_setMemoryLimit(limit int64) int64 {
	if bits == 0 {
		initHeap()
	}
	old := memoryLimit
	if limit >= 0 {
		memoryLimit = limit
		setAllowance()
	}
	return old
}
