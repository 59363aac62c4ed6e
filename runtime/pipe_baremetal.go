//go:build baremetal && linux

package runtime

import "unsafe"

// Pipes, all that a bare chip has of files: package testing reads what an example prints from one.

// firstPipe is the number of the first file after the standard ones. Pipes have two each: the even one of the two is its
// reading end.
const firstPipe = 4

type pipe struct {
	fd       uintptr // the reading end
	data     []byte  // written and not yet read
	ended    bool    // the writing end is closed
	broken   bool    // the reading end is closed
	waits    *g      // the goroutine that reads
	nextPipe *pipe
}

// hasPipes stays false in programs that make none, and the optimiser folds away what depends on it.
var (
	hasPipes bool
	pipes    *pipe
	lastPipe uintptr = firstPipe - 2
)

func newPipe() int {
	hasPipes = true
	lastPipe += 2
	pipes = &pipe{fd: lastPipe, nextPipe: pipes}
	return int(lastPipe)
}

// pipeCall is a system call on a file other than the standard ones.
func pipeCall(number, fd uintptr, buf unsafe.Pointer, n uintptr) uintptr {
	at := &pipes
	for *at != nil && (*at).fd != fd&^1 {
		at = &(*at).nextPipe
	}
	p := *at
	switch {
	case p == nil:
		return ^(errnoBadF - 1)
	case number == sysClose:
		if fd == p.fd {
			p.broken = true
		} else {
			p.ended = true
			p.wake()
		}
		if p.broken && p.ended {
			*at = p.nextPipe
		}
		return 0
	case number == sysWrite && fd != p.fd:
		if p.broken {
			return ^(errnoPipe - 1)
		}
		p.data = append(p.data, unsafe.Slice((*byte)(buf), n)...)
		p.wake()
		return n
	case number == sysRead && fd == p.fd:
		for len(p.data) == 0 && !p.ended {
			p.waits = curg
			block("IO wait")
		}
		count := copy(unsafe.Slice((*byte)(buf), n), p.data)
		p.data = p.data[count:]
		return uintptr(count)
	}
	return ^(errnoNoSys - 1)
}

func (p *pipe) wake() {
	if waits := p.waits; waits != nil {
		p.waits = nil
		makeReady(waits)
	}
}
