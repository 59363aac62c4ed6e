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

// Frame is a function call, as CallersFrames tells it.
type Frame struct {
	PC       uintptr
	Func     *Func
	Function string
	File     string
	Line     int
	Entry    uintptr
}

// Frames walks the calls of a stack.
type Frames struct{}

// Next returns nothing: programs carry no table of their functions.
func (f *Frames) Next() (frame Frame, more bool) { return Frame{}, false }

// CallersFrames returns the frames of Callers, of which there are none.
func CallersFrames(callers []uintptr) *Frames { return &Frames{} }

// Func is a function of the program.
type Func struct{}

// Name returns the empty string: programs carry no table of their functions.
func (f *Func) Name() string { return "" }

// Entry returns 0.
func (f *Func) Entry() uintptr { return 0 }

// FileLine returns nothing.
func (f *Func) FileLine(pc uintptr) (file string, line int) { return "", 0 }

// FuncForPC returns nil: programs carry no table of their functions.
func FuncForPC(pc uintptr) *Func { return nil }

// Caller reports that the caller is unknown.
func Caller(skip int) (pc uintptr, file string, line int, ok bool) { return 0, "", 0, false }

// Callers reports one call of an unknown function: that there is one at all is what package testing relies on.
func Callers(skip int, pc []uintptr) int {
	if len(pc) == 0 {
		return 0
	}
	pc[0] = 0
	return 1
}

// Stack writes no trace.
func Stack(buf []byte, all bool) int { return 0 }

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
