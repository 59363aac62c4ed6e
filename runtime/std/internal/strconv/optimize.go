//go:build !baremetal

package strconv

// optimize is what Go has it be: tests turn it off.
var optimize = true
