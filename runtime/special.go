//go:build gc.conservative || gc.precise

package runtime

import "unsafe"

// Finalizers, cleanups and weak pointers: what happens to objects that nothing reaches any more. Programs without them
// do not link this file.

// A special is something to do once an object is unreachable. Addresses are kept as their complement, which the
// collector does not take for pointers.
type special struct {
	next     *special
	object   uintptr
	finalize func(object unsafe.Pointer) // gets the object, which lives on for another round
	cleanup  func()
	argument unsafe.Pointer // of finalize, once it is due
	done     bool
}

var (
	specials         *special
	due, dueLast     *special             // to be run, in this order
	weakHandles      map[uintptr]*uintptr // by object; a handle holds the object, or zero once that is gone
	finalizerG       *g                   // runs them
	finalizerWaiting bool
	escaping         unsafe.Pointer
)

// afterMark is called by the collector between marking and sweeping; nil in programs without specials.
var afterMark func()

// addSpecial also makes sure that the object is on the heap: a pointer in a global escapes.
func addSpecial(s *special, p unsafe.Pointer) {
	escaping = p
	s.object = ^uintptr(p)
	escaping = nil
	s.next = specials
	specials = s
	afterMark = handleSpecials
	if finalizerG == nil {
		startFinalizers()
	}
}

// setFinalizer is what the compiler makes of SetFinalizer(p, f), with a function that calls f with a value of its own
// parameter type. No function: the finalizer is taken back.
//
//go:noinline
func setFinalizer(p unsafe.Pointer, f func(unsafe.Pointer)) {
	if p == nil {
		throw("runtime.SetFinalizer: first argument is nil")
	}
	for link := &specials; *link != nil; {
		if s := *link; s.object == ^uintptr(p) && s.finalize != nil {
			*link = s.next
			continue
		}
		link = &(*link).next
	}
	if f != nil {
		addSpecial(&special{finalize: f}, p)
	}
}

// Cleanup is a call that AddCleanup arranged for.
type Cleanup struct{ s *special }

// Stop cancels the call, unless it is due already.
func (c Cleanup) Stop() {
	if c.s == nil || c.s.done {
		return
	}
	c.s.done = true
	for link := &specials; *link != nil; link = &(*link).next {
		if *link == c.s {
			*link = c.s.next
			return
		}
	}
}

// AddCleanup calls cleanup(arg) some time after ptr is no longer reachable.
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup {
	if ptr == nil {
		panic(plainError("runtime.AddCleanup: ptr is nil"))
	}
	s := &special{cleanup: func() { cleanup(arg) }}
	addSpecial(s, unsafe.Pointer(ptr))
	return Cleanup{s}
}

//go:linkname weak_register weak.runtime_registerWeakPointer
func weak_register(p unsafe.Pointer) unsafe.Pointer {
	escaping = p
	key := ^uintptr(p)
	escaping = nil
	handle := weakHandles[key]
	if handle == nil {
		handle = (*uintptr)(alloc(wordSize, layoutNoPointers))
		*handle = key
		if weakHandles == nil {
			weakHandles = make(map[uintptr]*uintptr)
			afterMark = handleSpecials
		}
		weakHandles[key] = handle
	}
	return unsafe.Pointer(handle)
}

//go:linkname weak_strong weak.runtime_makeStrongFromWeak
func weak_strong(handle unsafe.Pointer) unsafe.Pointer {
	key := *(*uintptr)(handle)
	if key == 0 {
		return nil
	}
	return unsafe.Pointer(^key)
}

// handleSpecials finds out what is unreachable. What a finalizer's object points to stays: of objects that point to one
// another only the first is finalized, and cycles never are.
func handleSpecials() {
	for s := specials; s != nil; s = s.next {
		if s.finalize != nil && !isMarked(^s.object) {
			scanAround(^s.object)
		}
	}
	finishMarking()
	for key, handle := range weakHandles {
		if !isMarked(^key) {
			*handle = 0
			delete(weakHandles, key)
		}
	}
	// All that is due is found before anything is marked for a finalizer's sake.
	for s := specials; s != nil; s = s.next {
		s.done = !isMarked(^s.object)
		if s.done && s.finalize != nil {
			s.argument = unsafe.Pointer(^s.object)
		}
	}
	for link := &specials; *link != nil; {
		s := *link
		if !s.done {
			link = &s.next
			continue
		}
		if s.argument == nil && hasFinalizer(s) {
			// The cleanup waits until the finalizer's object is gone for good.
			s.done = false
			link = &s.next
			continue
		}
		*link = s.next
		s.next = nil
		if due == nil {
			due = s
		} else {
			dueLast.next = s
		}
		dueLast = s
		if s.argument != nil {
			markRoot(uintptr(s.argument))
		}
	}
	finishMarking()
	if due != nil {
		wakeFinalizers()
	}
}

// hasFinalizer tells whether the object of a cleanup lives on for its finalizer.
func hasFinalizer(of *special) bool {
	for s := specials; s != nil; s = s.next {
		if s.object == of.object && s.finalize != nil {
			return true
		}
	}
	for s := due; s != nil; s = s.next {
		if s.object == of.object && s.argument != nil {
			return true
		}
	}
	return false
}

// runDue runs what is due.
func runDue() {
	for due != nil {
		s := due
		due = s.next
		if s.finalize != nil {
			p := s.argument
			s.argument = nil
			s.finalize(p)
		} else {
			s.cleanup()
		}
	}
}

// finalizers is the goroutine that runs what is due.
func finalizers() {
	goroutines-- // nobody counts it
	finalizerG = curg
	for {
		runDue()
		finalizerWaiting = true
		block("finalizer wait")
	}
}

// blockUntilEmptyCleanupQueue waits until what is due has run, for so many nanoseconds at most.
//
//go:linkname blockUntilEmptyCleanupQueue sync_test.runtime_blockUntilEmptyCleanupQueue
func blockUntilEmptyCleanupQueue(timeout int64) bool {
	for start := nanotime(); due != nil || finalizerG != nil && !finalizerWaiting; Gosched() {
		if nanotime()-start > timeout {
			return false
		}
	}
	return true
}

//go:linkname unique_blockUntilEmptyCleanupQueue unique.runtime_blockUntilEmptyCleanupQueue
func unique_blockUntilEmptyCleanupQueue(timeout int64) bool { return blockUntilEmptyCleanupQueue(timeout) }

func wakeFinalizers() {
	if finalizerWaiting {
		finalizerWaiting = false
		makeReady(finalizerG)
	}
}
