// Start-up and stack switching on RISC-V with 32-bit registers.

	.section .init, "ax", @progbits
	.globl _start
_start:
	// Only hart 0 runs the program.
	csrr t0, mhartid
	bnez t0, 9f
	.option push
	.option norelax
	la gp, __global_pointer$
	.option pop
	la sp, _stack_top
	la t0, runtime_trapEntry
	csrw mtvec, t0
	la a0, _sdata
	la a1, _edata
	la a2, _sidata
	beq a0, a2, 3f
1:	bgeu a0, a1, 3f
	lw a3, 0(a2)
	sw a3, 0(a0)
	addi a0, a0, 4
	addi a2, a2, 4
	j 1b
3:	la a0, _sbss
	la a1, _ebss
4:	bgeu a0, a1, 5f
	sw zero, 0(a0)
	addi a0, a0, 4
	j 4b
5:	call runtime_start
9:	wfi
	j 9b

// The registers that a function leaves as they were, each at its place in a frame.
	.macro registers op, base=sp
	\op ra, 0(\base)
	\op s0, 4(\base)
	\op s1, 8(\base)
	\op s2, 12(\base)
	\op s3, 16(\base)
	\op s4, 20(\base)
	\op s5, 24(\base)
	\op s6, 28(\base)
	\op s7, 32(\base)
	\op s8, 36(\base)
	\op s9, 40(\base)
	\op s10, 44(\base)
	\op s11, 48(\base)
	.endm

// What a called function keeps for its caller, in 64 bytes of stack.
	.macro SAVE_REGISTERS
	addi sp, sp, -64
	registers sw
	.endm

	.section .text.runtime_swapStack, "ax", @progbits
	.globl runtime_swapStack
runtime_swapStack:
	SAVE_REGISTERS
	sw sp, 0(a0)
	mv sp, a1
	registers lw
	addi sp, sp, 64
	ret

// Registers of a function that defers, see context in unwind_jump.go: as in a frame, then the stack pointer.
	.section .text.runtime_saveContext, "ax", @progbits
	.globl runtime_saveContext
runtime_saveContext:
	registers sw, a0
	sw sp, 52(a0)
	li a0, 0
	ret

	.section .text.runtime_resume, "ax", @progbits
	.globl runtime_resume
runtime_resume:
	registers lw, a0
	lw sp, 52(a0)
	li a0, 1
	ret

	.section .text.runtime_newStack, "ax", @progbits
	.globl runtime_newStack
runtime_newStack:
	addi a0, a0, -64
	la t0, runtime_firstRun
	sw t0, 0(a0)
	sw a1, 4(a0)
	ret
runtime_firstRun:
	mv a0, s0
	call runtime_startg
1:	j 1b

	.section .text.runtime_scanRegisters, "ax", @progbits
	.globl runtime_scanRegisters
runtime_scanRegisters:
	SAVE_REGISTERS
	mv a0, sp
	call runtime_scanStack
	lw ra, 0(sp)
	addi sp, sp, 64
	ret

// Traps stop here: no interrupt is in use.
	.section .text.runtime_trapEntry, "ax", @progbits
	.weak runtime_trapEntry
	.balign 4
runtime_trapEntry:
	j runtime_trapEntry

// The sequence that a debugger knows as a semihosting call; uncompressed, and not across a page.
	.section .text.runtime_semihosting, "ax", @progbits
	.globl runtime_semihosting
	.balign 16
	.option push
	.option norvc
runtime_semihosting:
	slli zero, zero, 0x1f
	ebreak
	srai zero, zero, 7
	ret
	.option pop
