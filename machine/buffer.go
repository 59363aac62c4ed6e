package machine

import "runtime/volatile"

// RingBuffer passes bytes from an interrupt handler to the program: one side puts, the other gets.
type RingBuffer struct {
	rxbuffer [bufferSize]volatile.Register8
	head     volatile.Register8
	tail     volatile.Register8
}

// NewRingBuffer returns an empty buffer.
func NewRingBuffer() *RingBuffer { return &RingBuffer{} }

// Used is the number of bytes in the buffer.
func (rb *RingBuffer) Used() uint8 { return rb.head.Get() - rb.tail.Get() }

// Put adds a byte; it fails if the buffer is full.
func (rb *RingBuffer) Put(val byte) bool {
	if rb.Used() == bufferSize {
		return false
	}
	head := rb.head.Get() + 1
	rb.rxbuffer[head%bufferSize].Set(val)
	rb.head.Set(head)
	return true
}

// Get takes the oldest byte; it fails if the buffer is empty.
func (rb *RingBuffer) Get() (byte, bool) {
	if rb.Used() == 0 {
		return 0, false
	}
	tail := rb.tail.Get() + 1
	v := rb.rxbuffer[tail%bufferSize].Get()
	rb.tail.Set(tail)
	return v, true
}

// Clear empties the buffer.
func (rb *RingBuffer) Clear() {
	rb.head.Set(0)
	rb.tail.Set(0)
}
