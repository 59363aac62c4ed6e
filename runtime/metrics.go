package runtime

import "unsafe"

// What package runtime/metrics reads, and the settings of GODEBUG, whose uses are among it.

// godebugCounters counts uses of settings that are not the default.
var godebugCounters []godebugCounter

type godebugCounter struct {
	name    string
	counter *uint64
}

//go:linkname godebug_registerCounter internal/godebug.registerCounter
func godebug_registerCounter(name string, counter *uint64) {
	godebugCounters = append(godebugCounters, godebugCounter{name, counter})
}

// godebugText is the value of GODEBUG, once somebody has asked for it.
var (
	godebugText  string
	godebugKnown bool
)

//go:linkname godebug_variable internal/godebug.variable
func godebug_variable(atStart bool) string {
	if atStart {
		return environ("GODEBUG")
	}
	if !godebugKnown {
		godebugKnown = true
		godebugText = environ("GODEBUG")
	}
	return godebugText
}

// hasSetting tells whether a setting of GODEBUG is the last one of its name in a list; item is name=value.
func hasSetting(list, item string) bool {
	found := false
	for start := 0; start <= len(list); {
		end := start
		for end < len(list) && list[end] != ',' {
			end++
		}
		if this := list[start:end]; this == item {
			found = true
		} else if i := len(item) - 1; len(this) > i && this[:i] == item[:i] {
			found = false
		}
		start = end + 1
	}
	return found
}

// The program's own changes of the environment are kept by package syscall; only this one is of interest here.

//go:linkname syscall_runtimeSetenv syscall.runtimeSetenv
func syscall_runtimeSetenv(key, value string) {
	if key == "GODEBUG" {
		godebugText, godebugKnown = value, true
		nilPanics = hasSetting(value, "panicnil=1")
	}
}

//go:linkname syscall_runtimeUnsetenv syscall.runtimeUnsetenv
func syscall_runtimeUnsetenv(key string) { syscall_runtimeSetenv(key, "") }

//go:linkname syscall_runtimeClearenv syscall.runtimeClearenv
func syscall_runtimeClearenv(env map[string]int) { syscall_runtimeUnsetenv("GODEBUG") }

// metricSample is a metrics.Sample; the kinds are those of package runtime/metrics.
type metricSample struct {
	name    string
	kind    int
	scalar  uint64
	pointer unsafe.Pointer
}

const (
	metricUnknown = 0
	metricUint64  = 1
)

//go:linkname metrics_read runtime/metrics.runtime_readMetrics
func metrics_read(samples unsafe.Pointer, n, capacity int) {
	for i := range unsafe.Slice((*metricSample)(samples), n) {
		sample := &unsafe.Slice((*metricSample)(samples), n)[i]
		sample.scalar, sample.kind = metric(sample.name)
		sample.pointer = nil
	}
}

// metric reads one metric. What this runtime does not count is unknown.
func metric(name string) (value uint64, kind int) {
	const uses, events = "/godebug/non-default-behavior/", ":events"
	if len(name) > len(uses)+len(events) && name[:len(uses)] == uses {
		setting := name[len(uses) : len(name)-len(events)]
		for _, c := range godebugCounters {
			if c.name == setting {
				value += *c.counter
			}
		}
		return value, metricUint64
	}
	var m MemStats
	ReadMemStats(&m)
	switch name {
	case "/gc/cycles/total:gc-cycles":
		value = uint64(m.NumGC)
	case "/gc/heap/allocs:bytes":
		value = m.TotalAlloc
	case "/gc/heap/allocs:objects":
		value = m.Mallocs
	case "/memory/classes/heap/objects:bytes":
		value = m.HeapAlloc
	case "/memory/classes/heap/free:bytes":
		value = m.HeapIdle
	case "/memory/classes/total:bytes":
		value = m.Sys
	case "/sched/gomaxprocs:threads":
		value = uint64(GOMAXPROCS(0))
	case "/sched/goroutines:goroutines":
		value = uint64(NumGoroutine())
	default:
		return 0, metricUnknown
	}
	return value, metricUint64
}
