//go:build linux && !baremetal

package runtime

import "unsafe"

// The poller of package internal/poll, over epoll: sockets and the like wait while other goroutines run.
//
// Packages net, os/exec and os/signal and test programs ask for it when they are initialised; in other programs nothing
// below is reached, and files are read and written without waiting for them to become ready.

// polling: the poller is used.
var polling bool

//go:linkname usePoller
func usePoller() {
	polling = true
	catchSigpipe()
}

// catchSigpipe makes writing where nobody reads any more an error, rather than the end of the program. Package os ends
// programs whose standard output it is.
//
//export runtime_catchSigpipe
func catchSigpipe()

// fileWaiters is the number of goroutines that wait for files.
var fileWaiters int

var (
	epoll      int = -1 // descriptor
	pollDescs  *pollDesc
	coarsePoll bool // the kernel counts in milliseconds
)

// pollDesc is what the descriptor of a file waits with.
type pollDesc struct {
	next, prev *pollDesc // the collector sees them from pollDescs: internal/poll and the kernel keep numbers
	fd         uintptr
	closing    bool
	read       pollSide
	write      pollSide
}

// pollSide is one direction of a file.
type pollSide struct {
	ready   bool
	expired bool
	waiter  *g
	timer   *timer
}

// Results of pollReset and pollWait (internal/poll/fd_poll_runtime.go).
const (
	pollFine    = 0
	pollClosing = 1
	pollTimeout = 2
)

// Events and operations (include/uapi/linux/eventpoll.h).
const (
	epollAdd, epollDelete = 1, 2
	epollIn               = 0x1
	epollOut              = 0x4
	epollError            = 0x8
	epollHangUp           = 0x10
	epollReadHangUp       = 0x2000
	epollEdge             = 1 << 31
	epollCloseOnExec      = 0x80000
)

// epollData is what the kernel keeps of a pollDesc: its address, wherever an epollEvent of this machine has room for it.
func epollData(d *pollDesc) [2]uint32 {
	p := uint64(uintptr(unsafe.Pointer(d)))
	return [2]uint32{uint32(p), uint32(p >> 32)}
}

func (e *epollEvent) desc() *pollDesc {
	data := e.data
	return *(**pollDesc)(unsafe.Pointer(&data))
}

//go:linkname poll_runtime_pollServerInit internal/poll.runtime_pollServerInit
func poll_runtime_pollServerInit() {
	if polling && epoll < 0 {
		epoll = int(syscall6(sysEpollCreate1, epollCloseOnExec, 0, 0, 0, 0, 0))
	}
}

//go:linkname poll_runtime_pollOpen internal/poll.runtime_pollOpen
func poll_runtime_pollOpen(fd uintptr) (uintptr, int) {
	if !polling || epoll < 0 {
		return 0, noSuchCall
	}
	d := &pollDesc{fd: fd}
	event := epollEvent{events: epollIn | epollOut | epollReadHangUp | epollEdge, data: epollData(d)}
	r := syscall6(sysEpollCtl, uintptr(epoll), epollAdd, fd, uintptr(unsafe.Pointer(&event)), 0, 0)
	if r != 0 {
		return 0, int(-r)
	}
	d.next = pollDescs
	if d.next != nil {
		d.next.prev = d
	}
	pollDescs = d
	setNeverWaits(fd, true)
	return uintptr(unsafe.Pointer(d)), 0
}

//go:linkname poll_runtime_pollClose internal/poll.runtime_pollClose
func poll_runtime_pollClose(ctx uintptr) {
	if !polling {
		return
	}
	d := (*pollDesc)(unsafe.Pointer(ctx))
	setNeverWaits(d.fd, false)
	var event epollEvent
	syscall6(sysEpollCtl, uintptr(epoll), epollDelete, d.fd, uintptr(unsafe.Pointer(&event)), 0, 0)
	if d.prev == nil {
		pollDescs = d.next
	} else {
		d.prev.next = d.next
	}
	if d.next != nil {
		d.next.prev = d.prev
	}
}

func (d *pollDesc) side(mode int) *pollSide {
	if mode == 'r' {
		return &d.read
	}
	return &d.write
}

func (d *pollDesc) state(s *pollSide) int {
	switch {
	case d.closing:
		return pollClosing
	case s.expired:
		return pollTimeout
	}
	return pollFine
}

//go:linkname poll_runtime_pollReset internal/poll.runtime_pollReset
func poll_runtime_pollReset(ctx uintptr, mode int) int {
	if !polling {
		return pollFine
	}
	d := (*pollDesc)(unsafe.Pointer(ctx))
	s := d.side(mode)
	state := d.state(s)
	if state == pollFine {
		s.ready = false
	}
	return state
}

//go:linkname poll_runtime_pollWait internal/poll.runtime_pollWait
func poll_runtime_pollWait(ctx uintptr, mode int) int {
	if !polling {
		return pollFine
	}
	d := (*pollDesc)(unsafe.Pointer(ctx))
	s := d.side(mode)
	for {
		if state := d.state(s); state != pollFine {
			return state
		}
		if s.ready {
			s.ready = false
			return pollFine
		}
		s.wait()
	}
}

//go:linkname poll_runtime_pollWaitCanceled internal/poll.runtime_pollWaitCanceled
func poll_runtime_pollWaitCanceled(ctx uintptr, mode int) {
	if !polling {
		return
	}
	s := (*pollDesc)(unsafe.Pointer(ctx)).side(mode)
	for !s.ready {
		s.wait()
	}
	s.ready = false
}

func (s *pollSide) wait() {
	s.waiter = curg
	fileWaiters++
	block("IO wait")
}

func (s *pollSide) wake() {
	if s.waiter != nil {
		fileWaiters--
		makeReady(s.waiter)
		s.waiter = nil
	}
}

// poll_runtime_pollSetDeadline sets when waiting ends: d nanoseconds from now, at once if negative, never if 0. The
// mode is 'r', 'w', or the sum of both.
//
//go:linkname poll_runtime_pollSetDeadline internal/poll.runtime_pollSetDeadline
func poll_runtime_pollSetDeadline(ctx uintptr, d int64, mode int) {
	if !polling {
		return
	}
	desc := (*pollDesc)(unsafe.Pointer(ctx))
	if mode == 'r' || mode == 'r'+'w' {
		desc.read.setDeadline(d)
	}
	if mode == 'w' || mode == 'r'+'w' {
		desc.write.setDeadline(d)
	}
}

func (s *pollSide) stopWaking() {
	if s.timer != nil {
		stopTimer(s.timer)
		s.timer = nil
	}
}

func (s *pollSide) setDeadline(d int64) {
	s.stopWaking()
	s.expired = d < 0
	switch {
	case s.expired:
		s.wake()
	case d > 0:
		when := nanotime() + d
		if when < 0 {
			when = 1<<63 - 1
		}
		s.timer = newTimer(when, 0, pollExpired, s, nil)
	}
}

func pollExpired(arg any, seq uintptr, delta int64) {
	s := arg.(*pollSide)
	s.expired = true
	s.timer = nil
	s.wake()
}

//go:linkname poll_runtime_pollUnblock internal/poll.runtime_pollUnblock
func poll_runtime_pollUnblock(ctx uintptr) {
	if !polling {
		return
	}
	d := (*pollDesc)(unsafe.Pointer(ctx))
	d.closing = true
	for _, s := range []*pollSide{&d.read, &d.write} {
		s.stopWaking()
		s.wake()
	}
}

//go:linkname poll_runtime_isPollServerDescriptor internal/poll.runtime_isPollServerDescriptor
func poll_runtime_isPollServerDescriptor(fd uintptr) bool { return polling && int(fd) == epoll }

// pollFiles makes goroutines ready whose files are; it waits up to ns nanoseconds for one, without end if negative.
func pollFiles(ns int64) {
	var events [64]epollEvent
	flushPrint()
	n := pollWaitKernel(&events, ns)
	for i := 0; i < n; i++ {
		e := &events[i]
		d := e.desc()
		if e.events&(epollIn|epollReadHangUp|epollHangUp|epollError) != 0 {
			d.read.ready = true
			d.read.wake()
		}
		if e.events&(epollOut|epollHangUp|epollError) != 0 {
			d.write.ready = true
			d.write.wake()
		}
	}
}

func pollWaitKernel(events *[64]epollEvent, ns int64) int {
	at := uintptr(unsafe.Pointer(events))
	if !coarsePoll {
		limit := timespec{ns / 1e9, ns % 1e9}
		p := uintptr(unsafe.Pointer(&limit))
		if ns < 0 {
			p = 0
		}
		r := int(syscall6(sysEpollPwait2, uintptr(epoll), at, uintptr(len(events)), p, 0, 0))
		if r != -noSuchCall {
			return r
		}
		// Before Linux 5.11.
		coarsePoll = true
	}
	milliseconds := -1
	if ns >= 0 {
		milliseconds = int(min((ns+999999)/1000000, 1<<30))
	}
	return int(syscall6(sysEpollPwait, uintptr(epoll), at, uintptr(len(events)), uintptr(milliseconds), 0, 0))
}
