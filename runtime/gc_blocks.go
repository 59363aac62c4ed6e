//go:build (gc.conservative || gc.precise) && !amd64 && !arm64 && !riscv64 && !386 && (!arm || baremetal) && !wasm

package runtime

import "unsafe"

// The heap of machines with little memory.
//
// It is an array of blocks of four words. Two bits a block, kept behind the last one, say what it is: free, the
// head of an object, the tail of one, or a marked head. An object is a head and the tails after it. Small objects lie
// one after the other from the start of the heap upwards, large ones from its end downwards, and sweeping is nothing but
// turning unmarked objects back into free blocks. Small objects leave the last quarter alone while there is room
// elsewhere: those that live on would lie in the way of the next stack. Anything on a stack or in a global
// that looks like an address of a block keeps the object that the block belongs to; objects without pointers are not
// searched.

const (
	blockSize  = 4 * wordSize
	stateBits  = 2
	stateMask  = 1<<stateBits - 1
	perByte    = 8 / stateBits
	headerSize = wordSize // before each object: its layout word
)

const (
	blockFree = iota
	blockHead
	blockTail
	blockMarked
)

var (
	heapStart  uintptr // address of block 0
	heapEnd    uintptr // first address after the heap, block states included
	states     uintptr // address of the block states
	blocks     uintptr // number of blocks
	nextBlock  uintptr // where the search for free blocks goes on, for small objects
	smallEnd   uintptr // and where it ends
	nextLarge  uintptr // where the search downwards goes on, for large objects
	freeBlocks uintptr // after the last collection, less what was allocated since
)

// initHeap runs before the first allocation: programs that allocate nothing have no heap.
func initHeap() {
	start, end := heapBounds()
	heapStart = (start + blockSize - 1) &^ (blockSize - 1)
	setHeapEnd(end)
	if heapDirty {
		memzero(unsafe.Pointer(states), heapEnd-states)
	}
	freeBlocks = blocks
	smallEnd, nextLarge = blocks-blocks/4, blocks-1
}

// setHeapEnd divides the memory up to end between blocks and their states.
func setHeapEnd(end uintptr) {
	heapEnd = end
	blocks = (end - heapStart) * perByte / (blockSize*perByte + 1)
	states = heapStart + blocks*blockSize
}

func heapInUse() bool { return states != 0 }

func prepareMarking() {}

func blockState(b uintptr) uint8 {
	return *(*uint8)(unsafe.Pointer(states + b/perByte)) >> (b % perByte * stateBits) & stateMask
}

func setBlockState(b uintptr, state uint8) {
	p := (*uint8)(unsafe.Pointer(states + b/perByte))
	shift := b % perByte * stateBits
	*p = *p&^(stateMask<<shift) | state<<shift
}

func roundupsize(size uintptr) uintptr {
	return (size+headerSize+blockSize-1)&^(blockSize-1) - headerSize
}

// alloc returns zeroed memory. The layout word is kept for the collector.
func alloc(size, layout uintptr) unsafe.Pointer {
	if size == 0 {
		return unsafe.Pointer(&zerobase)
	}
	object := allocDirty(size, layout)
	memzero(object, roundupsize(size))
	return object
}

// allocDirty returns memory that holds anything.
func allocDirty(size, layout uintptr) unsafe.Pointer {
	if states == 0 {
		initHeap()
	}
	need := (size + headerSize + blockSize - 1) / blockSize
	if gcStress && stressDue() {
		collect()
	}
	first := findBlocks(need)
	if first == noBlock {
		// Collect, and grow where a collection frees less than half of the heap.
		collect()
		if freeBlocks < blocks/2 || freeBlocks < need {
			grow(need)
		}
		first = findBlocks(need)
		for first == noBlock && (smallEnd != blocks || grow(need)) {
			nextBlock, smallEnd = 0, blocks
			first = findBlocks(need)
		}
		if first == noBlock {
			outOfMemory()
		}
	}
	setBlockState(first, blockHead)
	for b := first + 1; b < first+need; b++ {
		if heapIsLarge && b%perWord == 0 {
			for ; b+perWord <= first+need; b += perWord {
				*stateWord(b) = tailWord
			}
			if b == first+need {
				break
			}
		}
		setBlockState(b, blockTail)
	}
	freeBlocks -= need
	mallocCount++
	mallocBytes += uint64(size)
	p := heapStart + first*blockSize
	*(*uintptr)(unsafe.Pointer(p)) = layout
	return unsafe.Pointer(p + headerSize)
}

// Where the heap is large, states are looked at by words, where they lie at the start of one.
const (
	perWord  = perByte * wordSize
	tailWord = ^uintptr(0) / stateMask * blockTail
)

func stateWord(b uintptr) *uintptr {
	return (*uintptr)(unsafe.Pointer(states + b/perByte))
}

const noBlock = ^uintptr(0)

// largeObject is the number of blocks from which on an object is large.
const largeObject = 32

// findBlocks looks for free neighbours.
func findBlocks(need uintptr) uintptr {
	if heapIsLarge && need >= 16*perWord {
		return findWords((need + perWord - 1) / perWord)
	}
	b, end, step := nextBlock, smallEnd, uintptr(1)
	if need >= largeObject {
		b, end, step = nextLarge, ^uintptr(0), ^uintptr(0)
	}
	for run := uintptr(0); b != end; b += step {
		run++
		if blockState(b) != blockFree {
			run = 0
		}
		if run == need {
			if step == 1 {
				nextBlock = b + 1
				return nextBlock - need
			}
			nextLarge = b - 1
			return b
		}
	}
	return noBlock
}

// findWords looks for free neighbours by words.
func findWords(need uintptr) uintptr {
	run := uintptr(0)
	for b := (nextLarge + 1) &^ (perWord - 1); b != 0; {
		b -= perWord
		run++
		if *stateWord(b) != 0 {
			run = 0
		}
		if run == need {
			nextLarge = b - 1
			return b
		}
	}
	return noBlock
}

// grow asks the port for more memory: as much again as there is, or as much of that as it gets, but no less than the
// object needs.
func grow(need uintptr) bool {
	if !heapGrows {
		return false
	}
	least := need*blockSize*2 + 4096
	want := heapEnd - heapStart
	if want < least {
		want = least
	}
	end := growHeap(heapEnd, want)
	for end == 0 {
		if want == least {
			return false
		}
		if want /= 2; want < least {
			want = least
		}
		end = growHeap(heapEnd, want)
	}
	old, oldBlocks := states, blocks
	setHeapEnd(end)
	size := (blocks + perByte - 1) / perByte
	oldSize := (oldBlocks + perByte - 1) / perByte
	memmove(unsafe.Pointer(states), unsafe.Pointer(old), oldSize)
	// The bits after the old last block are zero already, as states are whole bytes; so is fresh memory unless dirty.
	memzero(unsafe.Pointer(states+oldSize), size-oldSize)
	freeBlocks += blocks - oldBlocks
	nextLarge = blocks - 1
	return true
}

// finishMarking searches all that is marked and was not searched yet.
func finishMarking() {
	drainMarks()
	for gcPending {
		gcPending = false
		for b := uintptr(0); b < blocks; b++ {
			if blockState(b) == blockMarked {
				scanObject(b)
				drainMarks()
			}
		}
	}
}

// isMarked tells whether an object was found to be reachable; those outside the heap always are.
func isMarked(address uintptr) bool {
	if address < heapStart || address >= states {
		return true
	}
	return blockState(headOf(address)) == blockMarked
}

// headOf is the first block of the object that an address of the heap lies in.
func headOf(address uintptr) uintptr {
	b := (address - heapStart) / blockSize
	for blockState(b) == blockTail {
		b = before(b)
	}
	return b
}

// before is the block before the tail b of an object, or one further down that is as good.
func before(b uintptr) uintptr {
	b--
	if heapIsLarge {
		for b%perWord == perWord-1 && *stateWord(b - b%perWord) == tailWord {
			b -= perWord
		}
	}
	return b
}

// scanObject searches one object for pointers, word by word.
func scanObject(b uintptr) {
	p := heapStart + b*blockSize
	if *(*uintptr)(unsafe.Pointer(p)) == layoutNoPointers {
		return
	}
	end := b + 1
	for end < blocks && blockState(end) == blockTail {
		end++
	}
	for p += headerSize; p < heapStart+end*blockSize; p += wordAlign {
		markRoot(*(*uintptr)(unsafe.Pointer(p)))
	}
}

// markRoot marks the object that an address lies in, if it does.
func markRoot(address uintptr) {
	if address < heapStart || address >= states {
		return
	}
	b := (address - heapStart) / blockSize
	state := blockState(b)
	if state == blockFree {
		return
	}
	for state == blockTail {
		b = before(b)
		state = blockState(b)
	}
	if state != blockHead {
		return
	}
	setBlockState(b, blockMarked)
	if markDepth < markRoom {
		markStack[markDepth] = b
		markDepth++
	} else {
		gcPending = true
	}
}

// sweep frees the objects that are not marked.
func sweep() {
	freeing := false
	freeBlocks = 0
	for b := uintptr(0); b < blocks; b++ {
		if heapIsLarge && b%perWord == 0 {
			b, freeing = sweepWords(b, freeing)
			if b == blocks {
				break
			}
		}
		switch blockState(b) {
		case blockFree:
			freeing = false
			freeBlocks++
		case blockHead:
			freeing = true
			setBlockState(b, blockFree)
			freeBlocks++
			if gcStress {
				stressPoison(b)
			}
		case blockTail:
			if freeing {
				setBlockState(b, blockFree)
				freeBlocks++
				if gcStress {
					stressPoison(b)
				}
			}
		case blockMarked:
			freeing = false
			setBlockState(b, blockHead)
		}
	}
	nextBlock, smallEnd, nextLarge = 0, blocks, blocks-1
	if freeBlocks > blocks/2 {
		smallEnd -= blocks / 4
	}
}

// sweepWords goes over words that are free, or the inside of an object that is freed or not.
func sweepWords(b uintptr, freeing bool) (uintptr, bool) {
	for ; b+perWord <= blocks; b += perWord {
		state := *stateWord(b)
		if state == 0 {
			freeing = false
			freeBlocks += perWord
			continue
		}
		if state != tailWord || gcStress {
			break
		}
		if freeing {
			*stateWord(b) = 0
			freeBlocks += perWord
		}
	}
	return b, freeing
}

// heapSizes gives the bytes of the heap and those that objects take, dead ones included.
func heapSizes() (sys, inUse uintptr) {
	return heapEnd - heapStart, (blocks - freeBlocks) * blockSize
}

// heapObjects counts the objects, dead ones included.
func heapObjects() uint64 {
	n := uint64(0)
	for b := uintptr(0); b < blocks; b++ {
		if blockState(b) == blockHead {
			n++
		}
	}
	return n
}
