//go:build wasip1

package runtime

import "unsafe"

// WASI preview 1.

//go:wasmimport wasi_snapshot_preview1 fd_write
func fd_write(fd uint32, iovs unsafe.Pointer, n uint32, written unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 proc_exit
func proc_exit(code uint32)

//go:wasmimport wasi_snapshot_preview1 clock_time_get
func clock_time_get(id uint32, precision uint64, time unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 poll_oneoff
func poll_oneoff(in, out unsafe.Pointer, n uint32, events unsafe.Pointer) uint32

//export _start
func start() {
	run()
	flushPrint()
}

type iovec struct {
	data unsafe.Pointer
	len  uintptr
}

// Output of print goes to standard error, a line at a time.
var (
	printBuffer [128]byte
	printed     uintptr
)

func putchar(c byte) {
	printBuffer[printed] = c
	printed++
	if c == '\n' || int(printed) == len(printBuffer) {
		flushPrint()
	}
}

func flushPrint() {
	if printed > 0 {
		v := iovec{unsafe.Pointer(&printBuffer), printed}
		var n uintptr
		fd_write(2, unsafe.Pointer(&v), 1, unsafe.Pointer(&n))
		printed = 0
	}
}

func exit(code int) {
	flushPrint()
	proc_exit(uint32(code))
	trap()
}

//go:wasmimport wasi_snapshot_preview1 args_sizes_get
func args_sizes_get(n, size unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 args_get
func args_get(list, data unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 environ_sizes_get
func environ_sizes_get(n, size unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 environ_get
func environ_get(list, data unsafe.Pointer) uint32

func programArgs() []string { return texts(args_sizes_get, args_get) }
func programEnv() []string  { return texts(environ_sizes_get, environ_get) }

// texts asks the host for a list of texts that end with zero: how many and their size, then addresses and bytes.
func texts(sizes, get func(a, b unsafe.Pointer) uint32) []string {
	var n, size uintptr
	if sizes(unsafe.Pointer(&n), unsafe.Pointer(&size)) != 0 || n == 0 {
		return nil
	}
	list, data := make([]uintptr, n), make([]byte, size)
	if get(unsafe.Pointer(unsafe.SliceData(list)), unsafe.Pointer(unsafe.SliceData(data))) != 0 {
		return nil
	}
	out := make([]string, n)
	for i, address := range list {
		start := int(address - uintptr(unsafe.Pointer(unsafe.SliceData(data))))
		end := start
		for data[end] != 0 {
			end++
		}
		out[i] = string(data[start:end])
	}
	return out
}

// A tick is a nanosecond.
func ticks() int64 {
	var t uint64
	clock_time_get(1, 1, unsafe.Pointer(&t))
	return int64(t)
}

func walltime() (sec int64, nsec int32) {
	var t uint64
	clock_time_get(0, 1, unsafe.Pointer(&t))
	return int64(t / 1e9), int32(t % 1e9)
}

func ticksToNanoseconds(t int64) int64  { return t }
func nanosecondsToTicks(ns int64) int64 { return ns }

// subscription to a clock (WASI preview 1, __wasi_subscription_t).
type subscription struct {
	userData  uint64
	tag       uint64
	clock     uint64
	timeout   uint64
	precision uint64
	flags     uint64
}

// sleepTicks asks again for what is left: a host whose timers count milliseconds (libuv's, for one) wakes the program up to
// a millisecond early.
func sleepTicks(t int64) {
	flushPrint()
	for end := ticks() + t; t > 0; t = end - ticks() {
		s := subscription{clock: 1, timeout: uint64(t)}
		var event [4]uint64
		var n uint32
		poll_oneoff(unsafe.Pointer(&s), unsafe.Pointer(&event), 1, unsafe.Pointer(&n))
	}
}
