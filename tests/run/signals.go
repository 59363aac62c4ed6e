// Signals that a program sends to itself: those that it asked for, in order; ignored ones; those that do nothing.
//
// run: host linux/386 linux/arm64 linux/riscv64
package main

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	self := syscall.Getpid()
	_ = syscall.Kill(self, syscall.SIGUSR2) // nobody asks: nothing happens
	c := make(chan os.Signal, 4)
	signal.Notify(c, syscall.SIGUSR1, os.Interrupt)
	go func() {
		for i := range 3 {
			time.Sleep(time.Millisecond)
			if i == 1 {
				_ = syscall.Kill(self, syscall.SIGINT)
			} else {
				_ = syscall.Kill(self, syscall.SIGUSR1)
			}
		}
	}()
	for range 3 {
		println((<-c).String())
	}

	signal.Ignore(syscall.SIGINT)
	_ = syscall.Kill(self, syscall.SIGINT)
	println(signal.Ignored(syscall.SIGINT), signal.Ignored(syscall.SIGUSR1), len(c))

	signal.Notify(c, syscall.SIGTERM)
	_ = syscall.Kill(self, syscall.SIGTERM)
	signal.Stop(c) // waits until what has come is handed on
	println((<-c).String(), len(c))
	_ = syscall.Kill(self, syscall.SIGUSR1)
	time.Sleep(time.Millisecond)
	println(len(c))
}
