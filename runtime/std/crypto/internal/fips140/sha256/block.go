//go:build !linux || !amd64

package sha256

func block(dig *Digest, p []byte) { blockGeneric(dig, p) }
