// Writing into a pipe that nobody reads is an error, where the poller is used.
//
// run: host
package main

import (
	"errors"
	"net"
	"os"
	"syscall"
)

func main() {
	a, b := net.Pipe()
	a.Close()
	b.Close()
	r, w, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	r.Close()
	for range 3 {
		_, err = w.Write([]byte("x"))
		println(errors.Is(err, syscall.EPIPE))
	}
}
