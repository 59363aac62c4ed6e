package runtime

import _ "unsafe" // for linkname

// What the packages below crypto expect of package runtime.

//go:linkname fips_fatal crypto/internal/fips140.fatal
func fips_fatal(s string) { throw(s) }

//go:linkname sysrand_fatal crypto/internal/sysrand.fatal
func sysrand_fatal(s string) { throw(s) }

//go:linkname rand_fatal crypto/rand.fatal
func rand_fatal(s string) { throw(s) }

// fipsIndicator says whether what was done since it was reset is approved. Package crypto resets, works and asks without
// giving up the processor in between, so one for all goroutines does.
var fipsIndicator uint8

//go:linkname fips_getIndicator crypto/internal/fips140.getIndicator
func fips_getIndicator() uint8 { return fipsIndicator }

//go:linkname fips_setIndicator crypto/internal/fips140.setIndicator
func fips_setIndicator(indicator uint8) { fipsIndicator = indicator }

var fipsBypassed bool

//go:linkname fips140_isBypassed crypto/fips140.isBypassed
func fips140_isBypassed() bool { return fipsBypassed }

//go:linkname fips140_setBypass crypto/fips140.setBypass
func fips140_setBypass() { fipsBypassed = true }

//go:linkname fips140_unsetBypass crypto/fips140.unsetBypass
func fips140_unsetBypass() { fipsBypassed = false }

//go:linkname fips_monoTime crypto/internal/fips140deps/time.monoTime
func fips_monoTime() int64 { return nanotime() }

// Which cryptography is linked can be seen in Go's binaries by these functions' names.

//go:linkname sig_BoringCrypto crypto/internal/boring/sig.BoringCrypto
func sig_BoringCrypto() {}

//go:linkname sig_FIPSOnly crypto/internal/boring/sig.FIPSOnly
func sig_FIPSOnly() {}

//go:linkname sig_StandardCrypto crypto/internal/boring/sig.StandardCrypto
func sig_StandardCrypto() {}

// Data-independent timing is a mode of some ARM processors, which is left as it is.

//go:linkname dit_setEnabled crypto/subtle.setDITEnabled
func dit_setEnabled() bool { return false }

//go:linkname dit_setDisabled crypto/subtle.setDITDisabled
func dit_setDisabled() {}
