//go:build linux && !baremetal

package exec

import _ "unsafe" // for linkname

//go:linkname usePoller runtime.usePoller
func usePoller()

// Pipes to children, and children themselves, are waited for while other goroutines run.
func init() { usePoller() }
