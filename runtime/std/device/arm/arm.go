// Package arm has what all Cortex-M chips share: inline assembly, the interrupt controller, the system timer.
package arm

import (
	"runtime/volatile"
	"unsafe"
)

// Asm runs one or more instructions. The compiler expands it where it is called.
func Asm(asm string)

// AsmFull runs instructions with operands: {name} stands for the register that holds the value of the map's entry name,
// {} for the register of the result.
func AsmFull(asm string, regs map[string]interface{}) uintptr

// SVCall0 to SVCall4 make a supervisor call with up to four arguments, in r0 to r3.
func SVCall0(num uintptr) uintptr
func SVCall1(num uintptr, a1 interface{}) uintptr
func SVCall2(num uintptr, a1, a2 interface{}) uintptr
func SVCall3(num uintptr, a1, a2, a3 interface{}) uintptr
func SVCall4(num uintptr, a1, a2, a3, a4 interface{}) uintptr

// NVIC_Type is the interrupt controller (Armv7-M ARM, B3.4).
type NVIC_Type struct {
	ISER [8]volatile.Register32 // set enable
	_    [24]uint32
	ICER [8]volatile.Register32 // clear enable
	_    [24]uint32
	ISPR [8]volatile.Register32 // set pending
	_    [24]uint32
	ICPR [8]volatile.Register32 // clear pending
	_    [24]uint32
	IABR [8]volatile.Register32 // active
	_    [56]uint32
	IPR  [60]volatile.Register32 // priority, a byte each
}

// SCB_Type is the system control block (Armv7-M ARM, B3.2.2).
type SCB_Type struct {
	CPUID volatile.Register32
	ICSR  volatile.Register32
	VTOR  volatile.Register32
	AIRCR volatile.Register32
	SCR   volatile.Register32
	CCR   volatile.Register32
	SHPR  [3]volatile.Register32
	SHCSR volatile.Register32
	CFSR  volatile.Register32
	HFSR  volatile.Register32
	DFSR  volatile.Register32
	MMFAR volatile.Register32
	BFAR  volatile.Register32
	AFSR  volatile.Register32
}

// SYST_Type is the system timer (Armv7-M ARM, B3.3).
type SYST_Type struct {
	SYST_CSR   volatile.Register32
	SYST_RVR   volatile.Register32
	SYST_CVR   volatile.Register32
	SYST_CALIB volatile.Register32
}

var (
	NVIC = (*NVIC_Type)(unsafe.Pointer(uintptr(0xE000E100)))
	SCB  = (*SCB_Type)(unsafe.Pointer(uintptr(0xE000ED00)))
	SYST = (*SYST_Type)(unsafe.Pointer(uintptr(0xE000E010)))
)

// Bits of the system timer's control register.
const (
	SYST_CSR_ENABLE_Msk    = 1 << 0
	SYST_CSR_TICKINT_Msk   = 1 << 1
	SYST_CSR_CLKSOURCE_Msk = 1 << 2
	SYST_CSR_COUNTFLAG_Msk = 1 << 16
)

// EnableIRQ lets an interrupt happen.
func EnableIRQ(irq uint32) { NVIC.ISER[irq>>5].Set(1 << (irq & 31)) }

// DisableIRQ keeps an interrupt from happening.
func DisableIRQ(irq uint32) { NVIC.ICER[irq>>5].Set(1 << (irq & 31)) }

// ClearPendingIRQ forgets an interrupt that was requested.
func ClearPendingIRQ(irq uint32) { NVIC.ICPR[irq>>5].Set(1 << (irq & 31)) }

// SetPriority sets the priority of an interrupt: 0 is the most urgent.
func SetPriority(irq uint32, priority uint32) {
	shift := irq & 3 * 8
	NVIC.IPR[irq>>2].ReplaceBits(priority, 0xFF, uint8(shift))
}

// DisableInterrupts turns interrupts off and returns what EnableInterrupts needs.
//
//go:inline
func DisableInterrupts() uintptr {
	return AsmFull("mrs {}, PRIMASK\n\tcpsid i", nil)
}

// EnableInterrupts turns interrupts on again if they were on when DisableInterrupts was called.
//
//go:inline
func EnableInterrupts(mask uintptr) {
	AsmFull("msr PRIMASK, {mask}", map[string]interface{}{"mask": mask})
}

// SetupSystemTimer makes the system timer interrupt every cyclecount cycles (at most 1<<24).
func SetupSystemTimer(cyclecount uint32) error {
	if cyclecount > 1<<24 || cyclecount == 0 {
		return errCycleCount
	}
	SYST.SYST_CSR.Set(0)
	SYST.SYST_RVR.Set(cyclecount - 1)
	SYST.SYST_CVR.Set(0)
	SYST.SYST_CSR.Set(SYST_CSR_CLKSOURCE_Msk | SYST_CSR_TICKINT_Msk | SYST_CSR_ENABLE_Msk)
	return nil
}

// SystemReset restarts the chip.
func SystemReset() {
	SCB.AIRCR.Set(0x5FA<<16 | 1<<2)
	for {
		Asm("wfi")
	}
}

type cycleCountError struct{}

func (cycleCountError) Error() string { return "arm: cycle count out of range" }

var errCycleCount error = cycleCountError{}
