// Division under the names of the run-time ABI for the Arm architecture (RTABI32, section 4.3), in instructions that
// ARMv6-M has; cores with a divider call only the 64-bit ones.

	.syntax unified
	.thumb

	.macro function name
	.section .text.\name, "ax", %progbits
	.globl \name
	.type \name, %function
	.thumb_func
\name:
	.endm

// r0 / r1: quotient in r0, remainder in r1. One bit a round; r3 counts them.
	function __aeabi_uidivmod
	push {r4, lr}
	movs r2, #0
	movs r3, #32
1:	adds r0, r0, r0
	adcs r2, r2
	cmp r2, r1
	blo 2f
	subs r2, r2, r1
	adds r0, #1
2:	subs r3, #1
	bne 1b
	mov r1, r2
	pop {r4, pc}

	function __aeabi_uidiv
	push {r4, lr}
	bl __aeabi_uidivmod
	pop {r4, pc}

	function __aeabi_idivmod
	push {r4, r5, r6, lr}
	mov r4, r0
	mov r5, r0
	eors r5, r1
	cmp r0, #0
	bge 1f
	rsbs r0, r0, #0
1:	cmp r1, #0
	bge 2f
	rsbs r1, r1, #0
2:	bl __aeabi_uidivmod
	cmp r5, #0
	bge 3f
	rsbs r0, r0, #0
3:	cmp r4, #0
	bge 4f
	rsbs r1, r1, #0
4:	pop {r4, r5, r6, pc}

	function __aeabi_idiv
	push {r4, lr}
	bl __aeabi_idivmod
	pop {r4, pc}

// r1:r0 / r3:r2: quotient in r1:r0, remainder in r3:r2.
	function __aeabi_uldivmod
	push {r6, lr}
	sub sp, #16
	add r6, sp, #8
	str r6, [sp]
	bl runtime_udivmod64
	ldr r2, [sp, #8]
	ldr r3, [sp, #12]
	add sp, #16
	pop {r6, pc}

	function __aeabi_ldivmod
	push {r6, lr}
	sub sp, #16
	add r6, sp, #8
	str r6, [sp]
	bl runtime_divmod64
	ldr r2, [sp, #8]
	ldr r3, [sp, #12]
	add sp, #16
	pop {r6, pc}

// r1:r0 * r3:r2
	function __aeabi_lmul
	push {r4, lr}
	muls r1, r2, r1
	muls r3, r0, r3
	adds r1, r1, r3
	// The 64-bit product of the low words, from halves.
	push {r1}
	lsrs r1, r0, #16
	lsrs r3, r2, #16
	uxth r0, r0
	uxth r2, r2
	mov r4, r0
	muls r4, r3, r4
	muls r3, r1, r3
	muls r1, r2, r1
	muls r0, r2, r0
	movs r2, #0
	adds r1, r1, r4
	adcs r2, r2
	lsls r2, r2, #16
	adds r3, r3, r2
	lsrs r2, r1, #16
	lsls r1, r1, #16
	adds r0, r0, r1
	adcs r3, r2
	pop {r1}
	adds r1, r1, r3
	pop {r4, pc}

	function __aeabi_llsl
	mov r3, r2
	subs r3, #32
	bmi 1f
	mov r1, r0
	lsls r1, r3
	movs r0, #0
	bx lr
1:	rsbs r3, r3, #0
	mov r12, r0
	lsrs r0, r3
	lsls r1, r2
	orrs r1, r0
	mov r0, r12
	lsls r0, r2
	bx lr

	function __aeabi_llsr
	mov r3, r2
	subs r3, #32
	bmi 1f
	mov r0, r1
	lsrs r0, r3
	movs r1, #0
	bx lr
1:	rsbs r3, r3, #0
	mov r12, r1
	lsls r1, r3
	lsrs r0, r2
	orrs r0, r1
	mov r1, r12
	lsrs r1, r2
	bx lr

	function __aeabi_lasr
	mov r3, r2
	subs r3, #32
	bmi 1f
	mov r0, r1
	asrs r0, r3
	asrs r1, r1, #31
	bx lr
1:	rsbs r3, r3, #0
	mov r12, r1
	lsls r1, r3
	lsrs r0, r2
	orrs r0, r1
	mov r1, r12
	asrs r1, r2
	bx lr

// Memory functions with the ABI's names; memset has its arguments in another order.
	function __aeabi_memcpy
	push {r4, lr}
	bl memcpy
	pop {r4, pc}

	function __aeabi_memmove
	push {r4, lr}
	bl memmove
	pop {r4, pc}

	function __aeabi_memset
	push {r4, lr}
	mov r3, r1
	mov r1, r2
	mov r2, r3
	bl memset
	pop {r4, pc}

	function __aeabi_memclr
	push {r4, lr}
	mov r2, r1
	movs r1, #0
	bl memset
	pop {r4, pc}

	.globl __aeabi_memcpy4, __aeabi_memcpy8, __aeabi_memmove4, __aeabi_memmove8
	.globl __aeabi_memset4, __aeabi_memset8, __aeabi_memclr4, __aeabi_memclr8
	.thumb_set __aeabi_memcpy4, __aeabi_memcpy
	.thumb_set __aeabi_memcpy8, __aeabi_memcpy
	.thumb_set __aeabi_memmove4, __aeabi_memmove
	.thumb_set __aeabi_memmove8, __aeabi_memmove
	.thumb_set __aeabi_memset4, __aeabi_memset
	.thumb_set __aeabi_memset8, __aeabi_memset
	.thumb_set __aeabi_memclr4, __aeabi_memclr
	.thumb_set __aeabi_memclr8, __aeabi_memclr
