//go:build linux && !baremetal && !wasip2 && !wasm_unknown

package runtime

import "unsafe"

// Linux without libc: system calls, and memory from one large reservation.

//export runtime_syscall
func syscall6(number, a, b, c, d, e, f uintptr) uintptr

var (
	initialStack uintptr // at entry: argument count, arguments, environment, auxiliary vector
)

// programArgs copies the arguments from where the kernel put them: their number, their addresses, nil.
func programArgs() []string {
	n := *(*uintptr)(unsafe.Pointer(initialStack))
	return textList(initialStack+unsafe.Sizeof(n), n)
}

// programEnv copies the environment, which follows the arguments up to another nil.
func programEnv() []string {
	start, n := environment(), uintptr(0)
	for *(*uintptr)(unsafe.Pointer(start + n*wordBytes)) != 0 {
		n++
	}
	return textList(start, n)
}

const wordBytes = unsafe.Sizeof(uintptr(0))

func environment() uintptr {
	return initialStack + wordBytes*(2+*(*uintptr)(unsafe.Pointer(initialStack)))
}

// environ is what a variable of the environment was when the program started. It allocates nothing: the heap asks, too.
func environ(name string) string {
	for p := environment(); *(*uintptr)(unsafe.Pointer(p)) != 0; p += wordBytes {
		text := textAt(*(**byte)(unsafe.Pointer(p)))
		if len(text) > len(name) && text[len(name)] == '=' && text[:len(name)] == name {
			return text[len(name)+1:]
		}
	}
	return ""
}

// textList makes strings of n addresses of texts that end with zero.
func textList(at, n uintptr) []string {
	list := make([]string, n)
	for i, text := range unsafe.Slice((**byte)(unsafe.Pointer(at)), n) {
		list[i] = textAt(text)
	}
	return list
}

func textAt(p *byte) string {
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return unsafe.String(p, n)
}

// Output of print goes to standard error, a line at a time.
var (
	printBuffer [128]byte
	printed     int
)

func putchar(c byte) {
	printBuffer[printed] = c
	printed++
	if c == '\n' || printed == len(printBuffer) {
		flushPrint()
	}
}

func flushPrint() {
	if printed > 0 {
		syscall6(sysWrite, 2, uintptr(unsafe.Pointer(&printBuffer)), uintptr(printed), 0, 0, 0)
		printed = 0
	}
}

func exit(code int) {
	flushPrint()
	for {
		syscall6(sysExitGroup, uintptr(code), 0, 0, 0, 0, 0)
	}
}

// The heap: address space is reserved once and becomes memory when it is touched.
const heapReserve = 1 << (30 + 6*(unsafe.Sizeof(uintptr(0))/8))

const heapDirty = false

// markRoom is how many objects wait to be searched by the collector, before it looks for them in the whole heap.
const markRoom = 4096

const (
	protReadWrite = 1 | 2
	mapFlags      = 0x2 | 0x20 | 0x4000 // private, anonymous, no reserve
)

func heapBounds() (start, end uintptr) {
	p := syscall6(sysMmap, 0, heapReserve, protReadWrite, mapFlags, ^uintptr(0), 0)
	if p > ^uintptr(4095) {
		outOfMemory()
	}
	heapLimit = p + heapReserve
	return p, p + 1<<20
}

var heapLimit uintptr

// heapGrows tells whether growHeap can give memory.
const heapGrows = true

func growHeap(end, want uintptr) uintptr {
	if want > heapLimit-end {
		want = heapLimit - end
		if want == 0 {
			return 0
		}
	}
	return end + want
}

//go:extern _globals_start
var globalsStartSymbol [0]byte

//go:extern _globals_end
var globalsEndSymbol [0]byte

func globalsStart() uintptr { return uintptr(unsafe.Pointer(&globalsStartSymbol)) }
func globalsEnd() uintptr   { return uintptr(unsafe.Pointer(&globalsEndSymbol)) }

// timespec is the kernel's for 64-bit times, the same on all machines.
type timespec struct {
	sec  int64
	nsec int64
}

const (
	clockRealtime  = 0
	clockMonotonic = 1
)

// A tick is a nanosecond.
func ticks() int64 {
	var ts timespec
	syscall6(sysClockGettime, clockMonotonic, uintptr(unsafe.Pointer(&ts)), 0, 0, 0, 0)
	return ts.sec*1e9 + ts.nsec
}

func ticksToNanoseconds(t int64) int64  { return t }
func nanosecondsToTicks(ns int64) int64 { return ns }

func sleepTicks(t int64) {
	flushPrint()
	ts := timespec{t / 1e9, t % 1e9}
	syscall6(sysClockNanosleep, clockMonotonic, 0, uintptr(unsafe.Pointer(&ts)), 0, 0, 0)
}

func walltime() (sec int64, nsec int32) {
	var ts timespec
	syscall6(sysClockGettime, clockRealtime, uintptr(unsafe.Pointer(&ts)), 0, 0, 0, 0)
	return ts.sec, int32(ts.nsec)
}

const interruptsWake = false

// spinsYield: goroutines that ask in a loop let others run.
const spinsYield = true

func waitForInterrupt()               {}
func disableInterrupts() uintptr      { return 0 }
func restoreInterrupts(state uintptr) {}
