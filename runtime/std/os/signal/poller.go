//go:build linux && !baremetal

package signal

import _ "unsafe" // for linkname

//go:linkname catchSignals runtime.catchSignals
func catchSignals()

// Signals are waited for like files, and those that do nothing in Go programs do nothing.
func init() { catchSignals() }
