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

// What a called function keeps for its caller, in 64 bytes of stack.
	.macro SAVE_REGISTERS
	addi sp, sp, -64
	sw ra, 0(sp)
	sw s0, 4(sp)
	sw s1, 8(sp)
	sw s2, 12(sp)
	sw s3, 16(sp)
	sw s4, 20(sp)
	sw s5, 24(sp)
	sw s6, 28(sp)
	sw s7, 32(sp)
	sw s8, 36(sp)
	sw s9, 40(sp)
	sw s10, 44(sp)
	sw s11, 48(sp)
	.endm

	.section .text.runtime_swapStack, "ax", @progbits
	.globl runtime_swapStack
runtime_swapStack:
	SAVE_REGISTERS
	sw sp, 0(a0)
	mv sp, a1
	lw ra, 0(sp)
	lw s0, 4(sp)
	lw s1, 8(sp)
	lw s2, 12(sp)
	lw s3, 16(sp)
	lw s4, 20(sp)
	lw s5, 24(sp)
	lw s6, 28(sp)
	lw s7, 32(sp)
	lw s8, 36(sp)
	lw s9, 40(sp)
	lw s10, 44(sp)
	lw s11, 48(sp)
	addi sp, sp, 64
	ret

// Registers of a function that defers, see context in unwind_jump.go.
	.section .text.runtime_saveContext, "ax", @progbits
	.globl runtime_saveContext
runtime_saveContext:
	sw ra, 0(a0)
	sw sp, 4(a0)
	sw s0, 8(a0)
	sw s1, 12(a0)
	sw s2, 16(a0)
	sw s3, 20(a0)
	sw s4, 24(a0)
	sw s5, 28(a0)
	sw s6, 32(a0)
	sw s7, 36(a0)
	sw s8, 40(a0)
	sw s9, 44(a0)
	sw s10, 48(a0)
	sw s11, 52(a0)
	li a0, 0
	ret

	.section .text.runtime_resume, "ax", @progbits
	.globl runtime_resume
runtime_resume:
	lw ra, 0(a0)
	lw sp, 4(a0)
	lw s0, 8(a0)
	lw s1, 12(a0)
	lw s2, 16(a0)
	lw s3, 20(a0)
	lw s4, 24(a0)
	lw s5, 28(a0)
	lw s6, 32(a0)
	lw s7, 36(a0)
	lw s8, 40(a0)
	lw s9, 44(a0)
	lw s10, 48(a0)
	lw s11, 52(a0)
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
