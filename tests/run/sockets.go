// Sockets: connections that wait while other goroutines run, deadlines, closing under a reader, the end of a stream.
//
// run: host linux/386 linux/arm linux/arm64 linux/riscv64
// opt: z
// not wasip1: no sockets there. Not on boards: neither.
package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

func check(what string, err error) {
	if err != nil {
		println(what, err.Error())
		os.Exit(1)
	}
}

// echo answers each line with its length and the line, until the other side closes.
func echo(c net.Conn) {
	defer c.Close()
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		text := lines.Text()
		c.Write([]byte{byte('0' + len(text))})
		io.WriteString(c, text+"\n")
	}
}

func serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			println("accept:", errors.Is(err, net.ErrClosed))
			return
		}
		go echo(c)
	}
}

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check("listen", err)
	done := make(chan bool)
	go func() {
		serve(l)
		done <- true
	}()

	var wg sync.WaitGroup
	answers := make([]string, 50)
	for i := range answers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c, err := net.Dial("tcp", l.Addr().String())
			check("dial", err)
			defer c.Close()
			io.WriteString(c, "ab"[:i%3]+"\nxyz\n")
			c.(*net.TCPConn).CloseWrite()
			all, err := io.ReadAll(c)
			check("read", err)
			answers[i] = string(all)
		}()
	}
	wg.Wait()
	print(answers[0], answers[1], answers[49])

	c, err := net.Dial("tcp", l.Addr().String())
	check("dial", err)
	start := time.Now()
	c.SetReadDeadline(start.Add(30 * time.Millisecond))
	_, err = c.Read(make([]byte, 1))
	took := time.Since(start)
	println(errors.Is(err, os.ErrDeadlineExceeded), took >= 30*time.Millisecond && took < 5*time.Second)
	_, err = c.Read(make([]byte, 1))
	println(errors.Is(err, os.ErrDeadlineExceeded))
	c.SetReadDeadline(time.Time{})
	go func() {
		time.Sleep(20 * time.Millisecond)
		c.Close()
	}()
	_, err = c.Read(make([]byte, 1))
	println(errors.Is(err, net.ErrClosed))

	// More than the kernel buffers: the writer waits for the reader.
	a, b := make(chan int), make(chan int)
	big, err := net.Listen("tcp", "127.0.0.1:0")
	check("listen", err)
	go func() {
		c, err := big.Accept()
		check("accept", err)
		n, err := c.Write(make([]byte, 16<<20))
		check("write", err)
		c.Close()
		a <- n
	}()
	go func() {
		c, err := net.Dial("tcp", big.Addr().String())
		check("dial", err)
		time.Sleep(50 * time.Millisecond)
		n, err := io.Copy(io.Discard, c)
		check("copy", err)
		b <- int(n)
	}()
	println(<-a, <-b)

	folder, err := os.MkdirTemp("", "sockets")
	check("folder", err)
	defer os.RemoveAll(folder)
	u, err := net.Listen("unix", folder+"/s")
	check("unix", err)
	go serve(u)
	c, err = net.Dial("unix", folder+"/s")
	check("unix", err)
	io.WriteString(c, "unix\n")
	line, err := bufio.NewReader(c).ReadString('\n')
	check("unix", err)
	print(line)

	p, err := net.ListenPacket("udp", "127.0.0.1:0")
	check("udp", err)
	go func() {
		buffer := make([]byte, 100)
		n, from, err := p.ReadFrom(buffer)
		check("udp", err)
		p.WriteTo(append(buffer[:n], '!'), from)
	}()
	c, err = net.Dial("udp", p.LocalAddr().String())
	check("udp", err)
	io.WriteString(c, "datagram")
	buffer := make([]byte, 100)
	n, err := c.Read(buffer)
	check("udp", err)
	println(string(buffer[:n]))

	_, err = net.DialTimeout("tcp", "127.0.0.1:1", time.Second)
	println(err != nil)
	// Goroutines that are always ready do not starve those that wait for files.
	stop := false
	go func() {
		c, err := net.Dial("tcp", l.Addr().String())
		check("dial", err)
		io.WriteString(c, "go\n")
		bufio.NewReader(c).ReadString('\n')
		stop = true
	}()
	spin := make(chan bool)
	go func() {
		for !stop {
			spin <- true
		}
		close(spin)
	}()
	for range spin {
	}
	l.Close()
	println(<-done)
}
