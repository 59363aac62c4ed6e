// Package device has inline assembly, for every processor.
package device

// Asm runs one or more instructions. The compiler expands it where it is called.
func Asm(asm string)

// AsmFull runs instructions with operands: {name} stands for the register that holds the value of the map's entry name,
// {} for the register of the result.
func AsmFull(asm string, regs map[string]interface{}) uintptr
