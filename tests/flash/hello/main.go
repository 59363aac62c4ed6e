// Hello is what the tests of `tinygo flash` bring onto boards.
package main

import "time"

func main() {
	// The monitor takes the port over from the loader meanwhile; and a simulated board whose program ends is gone.
	time.Sleep(500 * time.Millisecond)
	println("hello from Go")
	for {
		time.Sleep(time.Hour)
	}
}
