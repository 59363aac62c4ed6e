package crc32

// No processor is known to have instructions for checksums: Go uses them through assembly.

func archAvailableIEEE() bool                          { return false }
func archInitIEEE()                                    { panic("not available") }
func archUpdateIEEE(crc uint32, p []byte) uint32       { panic("not available") }
func archAvailableCastagnoli() bool                    { return false }
func archInitCastagnoli()                              { panic("not available") }
func archUpdateCastagnoli(crc uint32, p []byte) uint32 { panic("not available") }
