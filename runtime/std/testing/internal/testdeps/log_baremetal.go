//go:build baremetal

package testdeps

import "io"

// There are no files to take notes of, and none to write them into.

func (TestDeps) StartTestLog(w io.Writer) {}
func (TestDeps) StopTestLog() error       { return nil }
func (TestDeps) SetPanicOnExit0(v bool)   {}
