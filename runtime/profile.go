package runtime

// What package testing sets before it runs tests. Nothing is sampled here: profiles stay empty, and a trace does not
// start.

// MemProfileRate is how many bytes lie between the allocations that a profile records.
var MemProfileRate int

func SetBlockProfileRate(rate int) {}

func SetMutexProfileFraction(rate int) int { return 0 }

func StartTrace() error { return plainError("tracing is not supported") }

func StopTrace() {}

func ReadTrace() []byte { return nil }

func traceAdvance(stopTrace bool) {}

func traceClockNow() uint64 { return 0 }

func traceClockUnitsPerSecond() uint64 { return 1 }

// SetTraceback chooses how much a trace shows; there is one form here.
//
//go:linkname debug_SetTraceback runtime/debug.SetTraceback
func debug_SetTraceback(level string) {}

// The name of the processor, which benchmarks print, is not asked for.
//
//go:linkname cpu_cpuid internal/cpu.cpuid
func cpu_cpuid(eaxArg, ecxArg uint32) (eax, ebx, ecx, edx uint32) { return 0, 0, 0, 0 }
