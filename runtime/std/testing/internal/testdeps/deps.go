// Package testdeps is what the generated main of a test program hands to package testing. Go's own has profiles, coverage
// and fuzzing (beyond the seeds), which need an operating system's processes and Go's runtime.
package testdeps

import (
	"errors"
	"io"
	"reflect"
	"time"
)

// ImportPath and ModulePath are set by the generated main.
var (
	ImportPath string
	ModulePath string
)

// Cover is set by the generated main of programs that measure coverage.
var (
	CoverMode             string
	Covered               string
	CoverSelectedPackages []string
)

type TestDeps struct{}

func (TestDeps) ImportPath() string { return ImportPath }
func (TestDeps) ModulePath() string { return ModulePath }

var errNoProfile = errors.New("profiles are not supported")

func (TestDeps) StartCPUProfile(w io.Writer) error { return errNoProfile }
func (TestDeps) StopCPUProfile()                   {}

func (TestDeps) WriteProfileTo(name string, w io.Writer, debug int) error { return errNoProfile }

type corpusEntry = struct {
	Parent     string
	Path       string
	Data       []byte
	Values     []any
	Generation int
	IsSeed     bool
}

var errNoFuzzing = errors.New("fuzzing is not supported")

func (TestDeps) CoordinateFuzzing(time.Duration, int64, time.Duration, int64, int, []corpusEntry, []reflect.Type, string, string) error {
	return errNoFuzzing
}

func (TestDeps) RunFuzzWorker(func(corpusEntry) error) error { return errNoFuzzing }

func (TestDeps) CheckCorpus(vals []any, types []reflect.Type) error {
	if len(vals) != len(types) {
		return errors.New("wrong number of values in corpus entry")
	}
	for i := range types {
		if reflect.TypeOf(vals[i]) != types[i] {
			return errors.New("mismatched types in corpus entry")
		}
	}
	return nil
}

func (TestDeps) ResetCoverage()    {}
func (TestDeps) SnapshotCoverage() {}

func (TestDeps) InitRuntimeCoverage() (mode string, tearDown func(string, string) (string, error), snapcov func() float64) {
	return "", nil, nil
}
