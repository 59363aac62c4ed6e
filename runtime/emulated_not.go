//go:build !emulator

package runtime

const emulated = false
