// A goroutine whose reads and writes never have to wait lets others run all the same.
//
// run: host linux/386
// opt: z
package main

import (
	"net"
	"time"
)

const total = 100000

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		panic(err)
	}
	server, err := listener.Accept()
	if err != nil {
		panic(err)
	}
	done := 0
	go func() {
		var b [1]byte
		for range total {
			client.Write(b[:])
			server.Read(b[:])
			done++
		}
	}()
	time.Sleep(time.Millisecond)
	println(done > 0, done < total)
}
