package time

import "unsafe"

// syncTimer is the channel as package runtime is told of it: not at all where GODEBUG asks for channels that keep the
// times nobody has received. Go has two ways to do that, 1 and 2, which programs cannot tell apart.
func syncTimer(c chan Time) unsafe.Pointer {
	switch asynctimerchan.Value() {
	case "1", "2":
		asynctimerchan.IncNonDefault()
		return nil
	}
	return *(*unsafe.Pointer)(unsafe.Pointer(&c))
}
