// A system call that waits, or one after another, lets other goroutines run.
//
// run: host linux/arm64 linux/arm linux/riscv64
package main

import (
	"os"
	"time"
)

func main() {
	fill()
	wait()
	loop()
}

// wait reads a pipe that somebody writes to later.
func wait() {
	r, w, _ := os.Pipe()
	go func() {
		time.Sleep(20 * time.Millisecond)
		println("writes")
		w.Write([]byte("text"))
	}()
	var text [8]byte
	n, err := r.Read(text[:])
	println("read", string(text[:n]), err == nil)
}

// fill writes more to a pipe than it holds.
func fill() {
	r, w, _ := os.Pipe()
	done := make(chan int)
	go func() {
		total := 0
		var part [4096]byte
		for n := -1; n != 0; {
			n, _ = r.Read(part[:])
			total += n
		}
		done <- total
	}()
	for range 50 {
		w.Write(make([]byte, 4096))
	}
	w.Close()
	println("filled", <-done)
}

// loop does nothing but call the system, until another goroutine stops it.
func loop() {
	file, _ := os.Open("/dev/null")
	stopped := make(chan bool)
	go func() {
		var part [1]byte
		for {
			if _, err := file.Seek(0, 0); err != nil {
				break
			}
			if _, err := file.ReadAt(part[:], 0); err == os.ErrClosed {
				break
			}
		}
		close(stopped)
	}()
	time.Sleep(time.Millisecond)
	println("closes")
	file.Close()
	<-stopped
	println("stopped")
}
