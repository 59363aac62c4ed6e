//go:build !go1.25

package sync

// Groups of Go 1.24 know no bubbles.

func (wg *WaitGroup) bubbled() bool { return false }

func (wg *WaitGroup) enterBubble() bool { return false }

func (wg *WaitGroup) leaveBubble() {}

func (wg *WaitGroup) acquire() { runtime_Semacquire(&wg.sema) }
