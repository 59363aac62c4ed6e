//go:build go1.25

package sync

import "internal/synctest"

// bubbled is whether the group belongs to the running goroutine's bubble.
func (wg *WaitGroup) bubbled() bool {
	return synctest.IsInBubble() && wg.inBubble && synctest.IsAssociated(wg)
}

// enterBubble makes the group one of the running goroutine's bubble; variables of packages belong to none.
func (wg *WaitGroup) enterBubble() bool {
	if !synctest.IsInBubble() {
		if wg.inBubble {
			fatal("sync: WaitGroup.Add called from inside and outside synctest bubble")
		}
		return false
	}
	switch synctest.Associate(wg) {
	case synctest.OtherBubble:
		fatal("sync: WaitGroup.Add called from multiple synctest bubbles")
	case synctest.CurrentBubble:
		if !wg.inBubble && (wg.running.Load() != 0 || wg.waiting != 0) {
			fatal("sync: WaitGroup.Add called from inside and outside synctest bubble")
		}
		wg.inBubble = true
		return true
	}
	return false
}

// leaveBubble sets a group of this bubble free for another one. Nobody waits.
func (wg *WaitGroup) leaveBubble() {
	wg.inBubble = false
	synctest.Disassociate(wg)
}

func (wg *WaitGroup) acquire() { runtime_SemacquireWaitGroup(&wg.sema, wg.bubbled()) }
