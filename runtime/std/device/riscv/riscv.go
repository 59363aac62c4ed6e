// Package riscv has what all RISC-V chips share: inline assembly and the control and status registers.
package riscv

// Asm runs one or more instructions. The compiler expands it where it is called.
func Asm(asm string)

// AsmFull runs instructions with operands: {name} stands for the register that holds the value of the map's entry name,
// {} for the register of the result.
func AsmFull(asm string, regs map[string]interface{}) uintptr

const mstatusMIE = 1 << 3 // machine interrupts enabled (privileged specification, 3.1.6)

// DisableInterrupts turns interrupts off and returns what EnableInterrupts needs.
//
//go:inline
func DisableInterrupts() uintptr {
	return AsmFull("csrrci {}, mstatus, 8", nil)
}

// EnableInterrupts turns interrupts on again if they were on when DisableInterrupts was called.
//
//go:inline
func EnableInterrupts(mask uintptr) {
	AsmFull("csrs mstatus, {mask}", map[string]interface{}{"mask": mask & mstatusMIE})
}
