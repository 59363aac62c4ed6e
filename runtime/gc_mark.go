//go:build gc.conservative || gc.precise

package runtime

import "unsafe"

// The mark and sweep collector: what does not depend on how the heap is kept (gc_blocks.go, gc_words.go).

const wordSize = unsafe.Sizeof(uintptr(0))

// gcPending: marking ran out of stack, so objects are marked whose contents were not searched.
var gcPending bool

// GC runs a collection, and lets finalizers run that are due: programs wait for them so.
func GC() {
	collect()
	if spinsYield && due != nil {
		Gosched()
	}
}

func collect() {
	if !heapInUse() {
		return
	}
	if poolCleanup != nil {
		poolCleanup()
	}
	prepareMarking()
	scanRange(globalsStart(), globalsEnd())
	scanStacks()
	finishMarking()
	gcCount++
	if afterMark != nil {
		afterMark()
	}
	sweep()
}

// scanAround searches an object without marking it.
func scanAround(address uintptr) {
	scanObject(headOf(address))
	drainMarks()
}

// scanStacks searches the stack of the running goroutine, with the registers spilled to it, and those of all others.
func scanStacks() {
	scanCurrentStack()
	if hasGoroutines {
		for n := allgs; n != nil; n = n.allNext {
			if n != curg || switchesByReturn {
				n.task.scan()
			}
		}
		if curg != &g0 || switchesByReturn {
			g0.task.scan()
		}
	}
}

// markStack holds objects whose contents have yet to be searched. When it is full, the heap is searched for them.
var markStack [markRoom]uintptr

var markDepth uint

// scanRange searches memory that is no object.
func scanRange(start, end uintptr) {
	start = (start + wordAlign - 1) &^ (wordAlign - 1)
	for p := start; p+wordSize <= end; p += wordAlign {
		word := *(*uintptr)(unsafe.Pointer(p))
		markRoot(word)
		if pushedSwapped {
			markRoot(word>>8 | word<<8)
		}
		drainMarks()
	}
}

// pushedSwapped: AVR has registers of 8 bits and a stack that grows downwards, and functions save a pair of registers
// with the lower half first. The pointer in it then lies on the stack with its higher byte first.
const pushedSwapped = wordSize == 2

//go:nobounds
func drainMarks() {
	for markDepth > 0 {
		markDepth--
		scanObject(markStack[markDepth])
	}
}

const wordAlign = unsafe.Alignof(uintptr(0))

