//go:build baremetal

package strconv

// optimize is what Go has it be only in tests: false, for conversions of floats digit by digit. They need no table of
// powers of ten, which takes 11 KB, more than many a program.
var optimize = false
