// Stack, floating point, then semihosting's SYS_EXIT with test()'s result.
	.section .text._start,"ax",%progbits
	.globl	_start
_start:
	adrp	x0, _stack_top
	add	x0, x0, :lo12:_stack_top
	mov	sp, x0
	mov	x0, #(3 << 20)
	msr	cpacr_el1, x0
	isb
	bl	test
	sub	sp, sp, #16
	movz	x2, #0x26
	movk	x2, #2, lsl #16
	sxtw	x0, w0
	stp	x2, x0, [sp]
	mov	w0, #0x18
	mov	x1, sp
	hlt	#0xf000
