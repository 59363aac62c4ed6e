// A WaitGroup in a variable of a package: one that "new" made belongs to the bubble that uses it, so that the bubble waits
// for those who wait there; one that is the variable itself belongs to none.
//
// run: host
package main

import (
	"sync"
	"testing"
	"testing/synctest"
)

var (
	made     = new(sync.WaitGroup)
	declared sync.WaitGroup
)

func waits(t *testing.T) {
	synctest.Test(t, func(*testing.T) {
		made.Add(1)
		done := false
		go func() {
			made.Wait()
			done = true
		}()
		synctest.Wait()
		println("done before:", done)
		made.Done()
		synctest.Wait()
		println("done after:", done)

		declared.Go(func() { println("declared") })
		declared.Wait()
	})
}

func main() {
	match := func(pattern, name string) (bool, error) { return true, nil }
	testing.Main(match, []testing.InternalTest{{Name: "waits", F: waits}}, nil, nil)
}
