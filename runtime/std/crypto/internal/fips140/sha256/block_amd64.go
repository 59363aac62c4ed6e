//go:build linux && amd64

package sha256

import "unsafe"

//export runtime_hasSHA
func hasSHA() bool

//export runtime_sha256
func blockSHA(state *[8]uint32, text *byte, blocks uintptr, constants *uint32)

// Whether the processor has instructions for it: 0 until asked, then 1 for no, 2 for yes.
var instructions uint8

// block adds whole blocks of 64 bytes.
func block(dig *Digest, p []byte) {
	if instructions == 0 {
		instructions = 1
		if hasSHA() {
			instructions = 2
		}
	}
	if instructions == 1 {
		blockGeneric(dig, p)
	} else if blocks := uintptr(len(p)) / chunk; blocks != 0 {
		blockSHA(&dig.h, unsafe.SliceData(p), blocks, &_K[0])
	}
}
