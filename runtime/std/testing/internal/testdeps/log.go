//go:build !baremetal

package testdeps

import (
	"bufio"
	"internal/testlog"
	"io"
	"strings"
	"sync"
)

// log is what -test.testlogfile asks for: which files and variables the tests looked at, a line each. The go command
// decides by it whether results that it has kept still hold.
var log actions

type actions struct {
	lock  sync.Mutex
	out   *bufio.Writer // nil while no tests run
	begun bool
}

func (a *actions) Getenv(name string) { a.note("getenv ", name) }
func (a *actions) Open(name string)   { a.note("open ", name) }
func (a *actions) Stat(name string)   { a.note("stat ", name) }
func (a *actions) Chdir(name string)  { a.note("chdir ", name) }

func (a *actions) note(action, name string) {
	if name == "" || strings.Contains(name, "\n") {
		return
	}
	a.lock.Lock()
	defer a.lock.Unlock()
	if a.out != nil {
		a.out.WriteString(action + name + "\n")
	}
}

func (TestDeps) StartTestLog(w io.Writer) {
	log.lock.Lock()
	defer log.lock.Unlock()
	log.out = bufio.NewWriter(w)
	if !log.begun { // package os takes one logger; a TestMain may call Run more than once
		log.begun = true
		testlog.SetLogger(&log)
		log.out.WriteString("# test log\n") // the go command expects it
	}
}

func (TestDeps) StopTestLog() error {
	log.lock.Lock()
	defer log.lock.Unlock()
	err := log.out.Flush()
	log.out = nil
	return err
}

func (TestDeps) SetPanicOnExit0(v bool) { testlog.SetPanicOnExit0(v) }
