// What small code calls to save ra and the first of s0 to s11 on entry (with the link in t0), and jumps to to restore them
// and return: names and places are those that compilers agree on for -msave-restore. Frames grow in steps of 16 bytes; a
// step is saved as a whole, of which the function uses what it asked for. The stack pointer moves first, as interrupts
// use the stack too.

	.macro function names:vararg
	.irp name, \names
	.globl \name
	.type \name, @function
\name:
	.endr
	.endm

	.macro save a, b, c, d
	addi sp, sp, -16
	sw \a, 12(sp)
	sw \b, 8(sp)
	sw \c, 4(sp)
	sw \d, 0(sp)
	.endm

	.macro restore a, b, c, d
	lw \a, 12(sp)
	lw \b, 8(sp)
	lw \c, 4(sp)
	lw \d, 0(sp)
	addi sp, sp, 16
	.endm

	.section .text.__riscv_save_0, "ax", @progbits
	function __riscv_save_0, __riscv_save_1, __riscv_save_2, __riscv_save_3
	save ra, s0, s1, s2
	jr t0

	.section .text.__riscv_save_4, "ax", @progbits
	function __riscv_save_4, __riscv_save_5, __riscv_save_6, __riscv_save_7
	save ra, s0, s1, s2
	save s3, s4, s5, s6
	jr t0

	.section .text.__riscv_save_8, "ax", @progbits
	function __riscv_save_8, __riscv_save_9, __riscv_save_10, __riscv_save_11
	save ra, s0, s1, s2
	save s3, s4, s5, s6
	save s7, s8, s9, s10
	jr t0

	.section .text.__riscv_save_12, "ax", @progbits
	function __riscv_save_12
	save ra, s0, s1, s2
	save s3, s4, s5, s6
	save s7, s8, s9, s10
	addi sp, sp, -16
	sw s11, 12(sp)
	jr t0

	.section .text.__riscv_restore_0, "ax", @progbits
	function __riscv_restore_0, __riscv_restore_1, __riscv_restore_2, __riscv_restore_3
	restore ra, s0, s1, s2
	ret

	.section .text.__riscv_restore_4, "ax", @progbits
	function __riscv_restore_4, __riscv_restore_5, __riscv_restore_6, __riscv_restore_7
	restore s3, s4, s5, s6
	tail __riscv_restore_0

	.section .text.__riscv_restore_8, "ax", @progbits
	function __riscv_restore_8, __riscv_restore_9, __riscv_restore_10, __riscv_restore_11
	restore s7, s8, s9, s10
	tail __riscv_restore_4

	.section .text.__riscv_restore_12, "ax", @progbits
	function __riscv_restore_12
	lw s11, 12(sp)
	addi sp, sp, 16
	tail __riscv_restore_8
