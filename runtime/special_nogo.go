//go:build (gc.conservative || gc.precise) && scheduler.none

package runtime

// startFinalizers does nothing: without a scheduler there is no goroutine that finalizers could run on, and on the only
// one they might find anything locked. They never run, which Go allows.
func startFinalizers() {}
