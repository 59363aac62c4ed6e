//go:build emulator

package runtime

// emulated: `tinygo run` starts the program in an emulator, and its end ends the emulation.
const emulated = true
