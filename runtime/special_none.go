//go:build !gc.conservative && !gc.precise

package runtime

import "unsafe"

// Without a collector nothing is ever found to be unreachable.

func setFinalizer(p unsafe.Pointer, f func(unsafe.Pointer)) {}

// Cleanup is a call that AddCleanup arranged for.
type Cleanup struct{}

// Stop cancels the call.
func (c Cleanup) Stop() {}

// AddCleanup would call cleanup(arg) once ptr is no longer reachable.
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup { return Cleanup{} }

//go:linkname weak_register weak.runtime_registerWeakPointer
func weak_register(p unsafe.Pointer) unsafe.Pointer { return p }

//go:linkname weak_strong weak.runtime_makeStrongFromWeak
func weak_strong(handle unsafe.Pointer) unsafe.Pointer { return handle }
