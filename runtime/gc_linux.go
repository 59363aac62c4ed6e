//go:build linux && (amd64 || arm64 || riscv64 || 386 || arm) && !baremetal && !wasip2 && !wasm_unknown && (gc.conservative || gc.precise)

package runtime

// heapSettings obeys GOGC and GOMEMLIMIT.
func heapSettings() {
	gcPercent = int32(quantity("GOGC", 100))
	memoryLimit = quantity("GOMEMLIMIT", noLimit)
	if memoryLimit < 0 {
		memoryLimit = noLimit
	}
}

// quantity is what a variable of the environment says: digits and perhaps one of the units B, KiB, MiB, GiB, TiB, or -1
// for "off".
func quantity(variable string, otherwise int64) int64 {
	text := environ(variable)
	if text == "off" {
		return -1
	}
	if text == "" || text[0]-'0' > 9 {
		return otherwise
	}
	n := int64(0)
	for i := range len(text) {
		switch c := text[i]; c {
		case 'T':
			n <<= 40
		case 'G':
			n <<= 30
		case 'M':
			n <<= 20
		case 'K':
			n <<= 10
		case 'i', 'B':
		default:
			n = n*10 + int64(c-'0')
		}
	}
	return n
}
