//go:build !linux || baremetal

package runtime

import _ "unsafe" // for linkname

// There are no signals here: what package os/signal asks for never comes.

// os_sigpipe ends a program whose standard output nobody reads any more.
//
//go:linkname os_sigpipe os.sigpipe
func os_sigpipe() { exit(2) }

//go:linkname signal_disable os/signal.signal_disable
func signal_disable(n uint32) {}

//go:linkname signal_enable os/signal.signal_enable
func signal_enable(n uint32) {}

//go:linkname signal_ignore os/signal.signal_ignore
func signal_ignore(n uint32) {}

//go:linkname signal_ignored os/signal.signal_ignored
func signal_ignored(n uint32) bool { return false }

//go:linkname signal_recv os/signal.signal_recv
func signal_recv() uint32 {
	for {
		block("signal wait")
	}
}

//go:linkname signalWaitUntilIdle os/signal.signalWaitUntilIdle
func signalWaitUntilIdle() {}
