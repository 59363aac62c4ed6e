package reflect

// What the tests ask of the insides of Go's own package that ours lacks: how its calls are laid out in registers and on
// the stack, which groups its maps have.

func FuncLayout(t, rcvr Type) (frametype Type, argSize, retOffset uintptr, stack, gc, inReg, outReg []byte, ptrs bool) {
	panic("calls have no such layout")
}

func SetArgRegs(ints, floats int, floatSize uintptr) (oldInts, oldFloats int, oldFloatSize uintptr) {
	return
}

func MapGroupOf(x, y Type) Type { panic("maps have no such groups") }

func gcbits(any) []byte { panic("types have no such bits") }

func TypeLinks() []string {
	var list []string
	for _, t := range typeTable {
		list = append(list, stringFor(t))
	}
	return list
}
