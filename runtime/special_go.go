//go:build (gc.conservative || gc.precise) && !scheduler.none

package runtime

// startFinalizers makes the goroutine that finalizers and cleanups run on.
func startFinalizers() {
	finalizerG = &g0
	go finalizers()
}
