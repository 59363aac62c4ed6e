//go:build linux && !baremetal

package net

import _ "unsafe" // for linkname

//go:linkname usePoller runtime.usePoller
func usePoller()

// Connections wait in the runtime's poller, which other programs need not have.
func init() { usePoller() }
