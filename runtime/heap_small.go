//go:build baremetal && !virt

package runtime

// heapIsLarge is false: the flash is better used than for a quick way over a small heap.
const heapIsLarge = false
