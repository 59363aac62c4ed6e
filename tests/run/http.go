// An HTTP server and its clients, on Go's own net/http: twenty requests at once, time-outs, closing.
//
// run: host
// opt: 0
// not wasip1: no sockets there. Not on boards: neither.
package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		println(err.Error())
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/hello/{name}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "hello %s", r.PathValue("name"))
	})
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(500 * time.Millisecond)
	})
	server := &http.Server{Handler: mux}
	go server.Serve(l)
	base := "http://" + l.Addr().String()
	var wg sync.WaitGroup
	results := make([]string, 20)
	for i := range results {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r, err := http.Get(fmt.Sprintf("%s/hello/%d", base, i))
			if err != nil {
				results[i] = err.Error()
				return
			}
			defer r.Body.Close()
			b, _ := io.ReadAll(r.Body)
			results[i] = r.Status + " " + string(b)
		}()
	}
	wg.Wait()
	for _, r := range results {
		println(r)
	}
	client := http.Client{Timeout: 100 * time.Millisecond}
	_, err = client.Get(base + "/slow")
	var ne net.Error
	println(errors.As(err, &ne) && ne.Timeout())

	c, _ := net.Dial("tcp", l.Addr().String())
	c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	_, err = c.Read(make([]byte, 1))
	println(errors.Is(err, os.ErrDeadlineExceeded))
	go func() { time.Sleep(20 * time.Millisecond); c.Close() }()
	c.SetReadDeadline(time.Time{})
	_, err = c.Read(make([]byte, 1))
	println(errors.Is(err, net.ErrClosed))
	println(server.Close() == nil)
	_, err = net.DialTimeout("tcp", l.Addr().String(), time.Second)
	println(err != nil)
}
