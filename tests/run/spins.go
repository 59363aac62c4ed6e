// Loops that wait for another goroutine by asking again and again.
//
// run: host
package main

import (
	"context"
	"sync/atomic"
	"time"
)

func main() {
	var n atomic.Int32
	go func() { n.Store(1) }()
	for n.Load() == 0 {
	}
	println("loaded")

	ctx, cancel := context.WithCancel(context.Background())
	go cancel()
	for ctx.Err() == nil {
	}
	println(ctx.Err().Error())

	done := make(chan bool)
	go func() { close(done) }()
	for waiting := true; waiting; {
		select {
		case <-done:
			waiting = false
		default:
		}
	}
	println("closed")

	timer := time.NewTimer(time.Millisecond)
	for waiting := true; waiting; {
		select {
		case <-timer.C:
			waiting = false
		default:
		}
	}
	println("rang")
}
