package avr

// Asm runs one or more instructions. The compiler expands it where it is called.
func Asm(asm string)

// AsmFull runs instructions with operands: {name} stands for the register that holds the value of the map's entry name,
// {} for the register of the result.
func AsmFull(asm string, regs map[string]interface{}) uintptr

// DisableInterrupts turns interrupts off and returns what RestoreInterrupts needs: the status register.
//
//go:inline
func DisableInterrupts() uint8 {
	state := SREG.Get()
	Asm("cli")
	return state
}

// RestoreInterrupts turns interrupts on again if they were on when DisableInterrupts was called.
//
//go:inline
func RestoreInterrupts(state uint8) { SREG.Set(state) }
