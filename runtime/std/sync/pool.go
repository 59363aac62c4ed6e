package sync

// A Pool keeps values for later use by anybody; any of them may be dropped at any time. Goroutines share one thread, so
// it is a plain stack.
//
// A Pool must not be copied after first use.
type Pool struct {
	noCopy noCopy

	items []any
	known bool // is in allPools

	// New makes a value where Get finds none; it may be nil.
	New func() any
}

// Put adds a value to the pool.
func (p *Pool) Put(x any) {
	if x == nil {
		return
	}
	if !p.known {
		p.known = true
		allPools = append(allPools, p)
	}
	p.items = append(p.items, x)
}

// Get takes some value out of the pool, or makes one with New.
func (p *Pool) Get() any {
	if last := len(p.items) - 1; last >= 0 {
		x := p.items[last]
		p.items[last] = nil
		p.items = p.items[:last]
		return x
	}
	if p.New == nil {
		return nil
	}
	return p.New()
}

// allPools are the pools that may hold values.
var allPools []*Pool

// poolCleanup empties all pools; the collector calls it before it looks for what is alive.
func poolCleanup() {
	for i, p := range allPools {
		p.items = nil
		p.known = false
		allPools[i] = nil
	}
	allPools = allPools[:0]
}

func init() { runtime_registerPoolCleanup(poolCleanup) }

func runtime_registerPoolCleanup(cleanup func())
func runtime_procPin() int
func runtime_procUnpin()
