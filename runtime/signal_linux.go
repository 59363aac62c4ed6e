//go:build linux && !baremetal

package runtime

import "unsafe"

// Signals that package os/signal asks for. The kernel holds them back, and the program reads them from a descriptor when
// it comes to it (signalfd(2)), like any other file: no code is ever interrupted. What nobody asks for does what it does
// by default.

// Sets of signals have signal n at bit n-1.
var (
	signalsWanted  uint64
	signalsRead    uint64 // and not handed on
	signalsSpurned uint64 // ignored until they were asked for, as for a program under nohup(1), and then again
	signalFile     = -1
	signalDesc     *pollDesc
	signalsAwaited bool // who receives them has dealt with the last one
)

// Operations and flags (include/uapi/asm-generic/signal-defs.h, include/uapi/linux/signalfd.h); actions are handlers.
const (
	sigBlock, sigUnblock = 0, 1
	signalfdFlags        = 0x80800 // SFD_CLOEXEC, SFD_NONBLOCK
	sigDefault           = 0
	sigIgnore            = 1
	signalsKnown         = 64
	sigpipe              = 13

	// Those that do something where nobody asks for them: SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE,
	// SIGSEGV, SIGPIPE, SIGTERM, SIGSTKFLT, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGSYS (package os/signal, "Default behavior
	// of signals in Go programs").
	signalsWithEffect = 1<<0 | 1<<1 | 1<<2 | 1<<3 | 1<<4 | 1<<5 | 1<<6 | 1<<7 | 1<<10 | 1<<12 | 1<<14 | 1<<15 | 1<<17 |
		1<<19 | 1<<20 | 1<<21 | 1<<30

	// Those that would end the program, but not in Go: SIGUSR1, SIGUSR2, SIGALRM, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGIO,
	// SIGPWR.
	signalsDropped = 1<<9 | 1<<11 | 1<<13 | 1<<23 | 1<<24 | 1<<25 | 1<<28 | 1<<29
)

// catchSignals is called when package os/signal is initialised.
//
//go:linkname catchSignals
func catchSignals() {
	usePoller()
	signalsWanted = signalsDropped
	maskSignals(sigBlock, signalsWanted)
}

func maskSignals(how uintptr, set uint64) {
	syscall6(sysSigprocmask, how, uintptr(unsafe.Pointer(&set)), 0, unsafe.Sizeof(set), 0, 0)
}

// signalAction tells what the kernel does with a signal, and sets it unless action is negative.
func signalAction(n uint32, action int) uintptr {
	var given, found [4]uint64 // struct sigaction, at most; the handler comes first
	*(*uintptr)(unsafe.Pointer(&given)) = uintptr(action)
	p := uintptr(unsafe.Pointer(&given))
	if action < 0 {
		p = 0
	}
	syscall6(sysSigaction, uintptr(n), p, uintptr(unsafe.Pointer(&found)), unsafe.Sizeof(uint64(0)), 0, 0)
	return *(*uintptr)(unsafe.Pointer(&found))
}

//go:linkname signal_enable os/signal.signal_enable
func signal_enable(n uint32) {
	if n-1 >= signalsKnown {
		return
	}
	if signalAction(n, -1) == sigIgnore {
		signalAction(n, sigDefault)
		signalsSpurned |= 1 << (n - 1)
	}
	signalsWanted |= 1 << (n - 1)
	maskSignals(sigBlock, signalsWanted)
	wanted := uintptr(unsafe.Pointer(&signalsWanted))
	file := int(syscall6(sysSignalfd4, uintptr(signalFile), wanted, unsafe.Sizeof(signalsWanted), signalfdFlags, 0, 0))
	if signalFile < 0 && file >= 0 {
		signalFile = file
		poll_runtime_pollServerInit()
		desc, _ := poll_runtime_pollOpen(uintptr(file))
		signalDesc = (*pollDesc)(unsafe.Pointer(desc))
	}
}

//go:linkname signal_disable os/signal.signal_disable
func signal_disable(n uint32) {
	if n-1 >= signalsKnown || signalsWithEffect>>(n-1)&1 == 0 {
		return // it goes on coming, and package os/signal drops it
	}
	// One that is there already is still handed on: let through, it would end the program.
	readSignals()
	bit := uint64(1) << (n - 1)
	signalsWanted &^= bit
	if signalsSpurned&bit != 0 {
		signalAction(n, sigIgnore)
	}
	maskSignals(sigUnblock, bit)
}

//go:linkname signal_ignore os/signal.signal_ignore
func signal_ignore(n uint32) {
	if n-1 < signalsKnown {
		signalAction(n, sigIgnore)
		signal_disable(n)
		signalsWanted &^= 1 << (n - 1)
		maskSignals(sigUnblock, 1<<(n-1))
	}
}

//go:linkname signal_ignored os/signal.signal_ignored
func signal_ignored(n uint32) bool {
	return n-1 < signalsKnown && signalAction(n, -1) == sigIgnore
}

// os_sigpipe ends a program whose standard output nobody reads any more, by the signal that catchSigpipe keeps off, unless
// it asked for the signal itself.
//
//go:linkname os_sigpipe os.sigpipe
func os_sigpipe() {
	const bit = 1 << (sigpipe - 1)
	if !polling || signalsWanted&bit != 0 || signalAction(sigpipe, -1) == sigIgnore {
		return
	}
	signalAction(sigpipe, sigDefault)
	process := syscall6(sysGetpid, 0, 0, 0, 0, 0, 0)
	syscall6(sysKill, process, sigpipe, 0, 0, 0, 0)
}

// readSignals takes over what the kernel has.
func readSignals() {
	var info [32]uint32 // struct signalfd_siginfo, which begins with the number
	for signalFile >= 0 {
		r := syscall6(sysRead, uintptr(signalFile), uintptr(unsafe.Pointer(&info)), unsafe.Sizeof(info), 0, 0, 0)
		if r != unsafe.Sizeof(info) {
			break
		}
		signalsRead |= 1 << (info[0] - 1)
	}
	if signalsRead != 0 && signalDesc != nil {
		signalDesc.read.ready = true
		signalDesc.read.wake()
	}
}

//go:linkname signal_recv os/signal.signal_recv
func signal_recv() uint32 {
	for signalDesc == nil {
		block("signal wait")
	}
	desc := uintptr(unsafe.Pointer(signalDesc))
	for {
		poll_runtime_pollReset(desc, 'r')
		readSignals()
		for n := range uint32(signalsKnown) {
			if bit := uint64(1) << n; signalsRead&bit != 0 {
				signalsRead &^= bit
				return n + 1
			}
		}
		signalsAwaited = true
		poll_runtime_pollWait(desc, 'r')
		signalsAwaited = false
	}
}

// signalWaitUntilIdle waits until what has come is handed on.
//
//go:linkname signalWaitUntilIdle os/signal.signalWaitUntilIdle
func signalWaitUntilIdle() {
	if signalDesc == nil {
		return
	}
	for readSignals(); signalsRead != 0 || !signalsAwaited; {
		Gosched()
	}
}

// passSignalsOn is called in a child that is about to become another program, which gets its signals again.
func passSignalsOn() {
	if signalsWanted != 0 {
		maskSignals(sigUnblock, signalsWanted)
	}
}
