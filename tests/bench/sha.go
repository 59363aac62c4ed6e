// Checksums: rotations and table look-ups, where Go has assembly.
package main

import (
	"crypto/sha256"
	"hash/crc32"
)

func main() {
	data := make([]byte, 1<<20)
	for i := range data {
		data[i] = byte(i * 11)
	}
	var first byte
	for i := range 200 {
		data[0] = byte(i)
		sum := sha256.Sum256(data)
		first ^= sum[0]
	}
	crc := uint32(0)
	for i := range 800 {
		data[1] = byte(i)
		crc = crc*31 + crc32.ChecksumIEEE(data)
	}
	println(first, crc)
}
