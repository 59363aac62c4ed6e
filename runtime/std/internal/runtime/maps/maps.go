// Package maps is Go's map in Go. Ours is in package runtime; this is what other packages ask of theirs.
package maps

import "internal/goarch"

// Use64BitHash tells that hash functions give 64 bits.
const Use64BitHash = goarch.PtrSize == 8
