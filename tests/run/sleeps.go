// Sleep without goroutines, and time that passes.
//
// run: host linux/386 linux/arm64 wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
package main

import "time"

func main() {
	start := time.Now()
	for i := range 3 {
		time.Sleep(20 * time.Millisecond)
		println(i)
	}
	time.Sleep(0)
	time.Sleep(-time.Second)
	d := time.Since(start)
	println(d >= 60*time.Millisecond, d < 5*time.Second)
	println(int64(time.Millisecond), int64(time.Hour/time.Minute))
}
