//go:build !baremetal || virt

package runtime

// heapIsLarge: the heap has megabytes, and going over it takes a while.
const heapIsLarge = true
