@ Vectors, then semihosting's SYS_EXIT_EXTENDED with test()'s result; what AEABI calls memory functions.
	.syntax	unified
	.thumb
	.section .vectors,"a",%progbits
	.word	_stack_top
	.word	_start
	.word	0
	.word	fault

	.section .text._start,"ax",%progbits
	.globl	_start
	.type	_start,%function
	.thumb_func
_start:
	bl	test
	.type	exit,%function
	.thumb_func
exit:
	ldr	r2, =0x20026
	sub	sp, #8
	str	r2, [sp]
	str	r0, [sp, #4]
	mov	r1, sp
	movs	r0, #0x20
	bkpt	#0xab
	.type	fault,%function
	.thumb_func
fault:
	movs	r0, #255
	b	exit
	.ltorg

	.section .text.aeabi,"ax",%progbits
	.globl	__aeabi_memcpy, __aeabi_memcpy4, __aeabi_memcpy8
	.globl	__aeabi_memmove, __aeabi_memmove4, __aeabi_memmove8
	.globl	__aeabi_memset, __aeabi_memset4, __aeabi_memset8
	.globl	__aeabi_memclr, __aeabi_memclr4, __aeabi_memclr8
	.thumb_func
__aeabi_memcpy:
	.thumb_func
__aeabi_memcpy4:
	.thumb_func
__aeabi_memcpy8:
	push	{r4, lr}
	bl	memcpy
	pop	{r4, pc}
	.thumb_func
__aeabi_memmove:
	.thumb_func
__aeabi_memmove4:
	.thumb_func
__aeabi_memmove8:
	push	{r4, lr}
	bl	memmove
	pop	{r4, pc}
	.thumb_func
__aeabi_memclr:
	.thumb_func
__aeabi_memclr4:
	.thumb_func
__aeabi_memclr8:
	movs	r2, #0
	.thumb_func
__aeabi_memset:
	.thumb_func
__aeabi_memset4:
	.thumb_func
__aeabi_memset8:
	push	{r4, lr}
	mov	r3, r1
	mov	r1, r2
	mov	r2, r3
	bl	memset
	pop	{r4, pc}
