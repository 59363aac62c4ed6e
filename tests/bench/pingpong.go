// Goroutines that hand values to each other: a pair without buffers, a ring with buffers of one.
package main

func main() {
	there, back := make(chan int), make(chan int)
	go func() {
		defer close(back)
		for v := range there {
			back <- v + 1
		}
	}()
	v := 0
	for range 500000 {
		there <- v
		v = <-back
	}
	close(there)
	println(v)

	const size = 100
	var ring [size]chan int
	for i := range ring {
		ring[i] = make(chan int, 1)
	}
	done := make(chan int)
	for i := range ring {
		go func() {
			next := ring[(i+1)%size]
			for hops := range ring[i] {
				if hops == 0 {
					done <- i
					return
				}
				next <- hops - 1
			}
		}()
	}
	ring[0] <- 1000050
	println(<-done)
}
