// Package volatile reads and writes memory-mapped registers: every access happens, once and in order.
package volatile

// The compiler makes these single instructions.

func LoadUint8(addr *uint8) (val uint8)
func LoadUint16(addr *uint16) (val uint16)
func LoadUint32(addr *uint32) (val uint32)
func LoadUint64(addr *uint64) (val uint64)

func StoreUint8(addr *uint8, val uint8)
func StoreUint16(addr *uint16, val uint16)
func StoreUint32(addr *uint32, val uint32)
func StoreUint64(addr *uint64, val uint64)
