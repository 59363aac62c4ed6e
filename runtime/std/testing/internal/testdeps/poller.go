//go:build linux && !baremetal

package testdeps

import _ "unsafe" // for linkname

//go:linkname usePoller runtime.usePoller
func usePoller()

// What examples print goes through a pipe that a goroutine of the same program reads.
func init() { usePoller() }
