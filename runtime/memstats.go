package runtime

import _ "unsafe" // for linkname

// A MemStats tells about the heap. Fields that this runtime has nothing to tell about stay zero.
type MemStats struct {
	Alloc         uint64 // bytes of objects, dead ones included until the next collection
	TotalAlloc    uint64 // bytes of all objects ever made
	Sys           uint64 // bytes obtained from the system
	Lookups       uint64
	Mallocs       uint64 // objects ever made
	Frees         uint64 // of those, how many are gone
	HeapAlloc     uint64 // as Alloc
	HeapSys       uint64
	HeapIdle      uint64
	HeapInuse     uint64
	HeapReleased  uint64
	HeapObjects   uint64 // the difference
	StackInuse    uint64
	StackSys      uint64
	MSpanInuse    uint64
	MSpanSys      uint64
	MCacheInuse   uint64
	MCacheSys     uint64
	BuckHashSys   uint64
	GCSys         uint64
	OtherSys      uint64
	NextGC        uint64
	LastGC        uint64
	PauseTotalNs  uint64
	PauseNs       [256]uint64
	PauseEnd      [256]uint64
	NumGC         uint32 // collections
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool
	DebugGC       bool
	BySize        [61]struct {
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

// Counted by the allocators. In programs that never ask, nothing reads them, and the code generator drops them.
var (
	mallocCount uint64
	mallocBytes uint64
	gcCount     uint32
)

// ReadMemStats fills in what is known about the heap.
func ReadMemStats(m *MemStats) {
	*m = MemStats{}
	sys, inUse := heapSizes()
	m.Sys, m.HeapSys = uint64(sys), uint64(sys)
	m.Alloc, m.HeapAlloc, m.HeapInuse = uint64(inUse), uint64(inUse), uint64(inUse)
	m.HeapIdle = m.HeapSys - m.HeapInuse
	m.Mallocs, m.TotalAlloc, m.NumGC = mallocCount, mallocBytes, gcCount
	m.HeapObjects = heapObjects()
	m.Frees = m.Mallocs - m.HeapObjects
	m.EnableGC = true
}

//go:linkname debug_freeOSMemory runtime/debug.freeOSMemory
func debug_freeOSMemory() { GC() }

// debug_readGCStats gives three numbers and no pauses: the time of the last collection, their number, the time spent.
//
//go:linkname debug_readGCStats runtime/debug.readGCStats
func debug_readGCStats(pauses *[]uint64) {
	*pauses = append((*pauses)[:0], 0, uint64(gcCount), 0)
}
