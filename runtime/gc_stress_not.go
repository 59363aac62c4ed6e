//go:build !gc.stress

package runtime

const gcStress = false

func stressDue() bool        { return false }
func stressPoison(b uintptr) {}
