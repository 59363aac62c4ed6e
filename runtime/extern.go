package runtime

import (
	"internal/goarch"
	"internal/goos"
)

// GOOS and GOARCH are the system and the architecture as build constraints see them.
const (
	GOOS   string = goos.GOOS
	GOARCH string = goarch.GOARCH
)

// Compiler is the name of the compiler that built the program.
const Compiler = "tinygo"

// GOROOT returns the root of Go's tree, if the environment names it, as that of tests does: programs do not know it.
func GOROOT() string { return environ("GOROOT") }

// NumCPU returns the number of processors that the program uses.
func NumCPU() int { return 1 }

// GOMAXPROCS returns the number of processors that the program uses; it cannot be changed.
func GOMAXPROCS(n int) int { return 1 }

// LockOSThread does nothing: there is one thread.
func LockOSThread() {}

// UnlockOSThread does nothing: there is one thread.
func UnlockOSThread() {}

// SetFinalizer calls finalizer with obj some time after nothing else reaches obj. The compiler knows it: calls become
// those of setFinalizer.
func SetFinalizer(obj, finalizer any)

// Version returns the version of Go that the library comes from.
func Version() string { return buildVersion }

var buildVersion = "unknown"

// debug_modinfo tells nothing of the modules that the program was built from.
//
//go:linkname debug_modinfo runtime/debug.modinfo
func debug_modinfo() string { return "" }
