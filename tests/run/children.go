// Child processes: output, input from another goroutine, exit status, environment, several at once, a signal.
//
// run: host linux/386 linux/arm linux/arm64 linux/riscv64
// opt: z
// not wasip1: no processes there. Not on boards: neither.
package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

func main() {
	out, err := exec.Command("echo", "hello").Output()
	println(string(out), err == nil)

	cmd := exec.Command("sh", "-c", `read x; echo "got $x $NAME"; echo oops >&2; exit 3`)
	cmd.Env = append(os.Environ(), "NAME=value")
	in, err := cmd.StdinPipe()
	println(err == nil)
	go func() {
		time.Sleep(10 * time.Millisecond)
		io.WriteString(in, "text\n")
		in.Close()
	}()
	out, err = cmd.CombinedOutput()
	print(string(out))
	var exit *exec.ExitError
	println(errors.As(err, &exit), exit.ExitCode(), err.Error())

	// A conversation.
	cmd = exec.Command("cat")
	in, _ = cmd.StdinPipe()
	from, _ := cmd.StdoutPipe()
	println(cmd.Start() == nil)
	lines := bufio.NewReader(from)
	for _, word := range []string{"one", "two"} {
		io.WriteString(in, word+"\n")
		line, err := lines.ReadString('\n')
		println(strings.TrimSpace(line), err == nil)
	}
	in.Close()
	println(cmd.Wait() == nil)

	// Others run while children are waited for.
	var wg sync.WaitGroup
	start := time.Now()
	for range 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			exec.Command("sleep", "0.3").Run()
		}()
	}
	wg.Wait()
	println(time.Since(start) < 1200*time.Millisecond)

	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err = exec.CommandContext(ctx, "sleep", "20").Run()
	println(err.Error())

	_, err = exec.LookPath("no-such-command-anywhere")
	println(errors.Is(err, exec.ErrNotFound))
	cmd = exec.Command("true")
	cmd.Dir = "/no/such/folder"
	println(cmd.Run().Error())
}
