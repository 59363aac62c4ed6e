// How often the collector runs: debug.SetGCPercent, debug.SetMemoryLimit, and GOGC and GOMEMLIMIT of a child process.
//
// run: host linux/386
// opt: z
package main

import (
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
)

var (
	sink []byte
	live [][]byte
)

// collections counts them during the allocation of 256 MB, with 16 MB live.
func collections() int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 256 * 64 {
		sink = make([]byte, 16<<10)
	}
	runtime.ReadMemStats(&after)
	return int(after.NumGC - before.NumGC)
}

func child(setting string) int {
	command := exec.Command(os.Args[0], "child")
	command.Env = append(os.Environ(), setting)
	err := command.Run()
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.ExitCode()
	}
	return -1
}

func main() {
	for range 16 {
		live = append(live, make([]byte, 1<<20))
	}
	if len(os.Args) > 1 {
		os.Exit(collections() + 1)
	}
	usual := collections()
	println("some:", usual >= 2 && usual <= 100)

	println(debug.SetGCPercent(400))
	println("fewer:", collections() < usual)
	println(debug.SetGCPercent(-1))
	println("none:", collections() == 0)
	println(debug.SetMemoryLimit(24<<20) == 1<<63-1)
	println("for the limit:", collections() > usual)
	println(debug.SetGCPercent(100), debug.SetMemoryLimit(-1))

	println("in children:", child("GOGC=400")-1 < usual, child("GOGC=off") == 1, child("GOMEMLIMIT=20MiB")-1 > usual)
}
