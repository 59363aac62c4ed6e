# Stack, floating point, then the test device of QEMU's virt machine: 0x5555 is success, code << 16 | 0x3333 failure.
	.section .text._start,"ax",@progbits
	.globl	_start
_start:
	la	sp, _stack_top
	li	t0, 0x6000
	csrs	mstatus, t0
	call	test
	li	t0, 0x100000
	beqz	a0, 1f
	slli	a0, a0, 16
	li	t1, 0x3333
	or	a0, a0, t1
	sw	a0, 0(t0)
1:	li	t1, 0x5555
	sw	t1, 0(t0)
2:	j	2b
