// SHA-256 with the processor's own instructions, System V ABI.

// Whether the processor has them: leaf 7, EBX bit 29 (SHA); leaf 1, ECX bits 9 (SSSE3) and 19 (SSE4.1).
	.section .text.runtime_hasSHA, "ax", @progbits
	.globl runtime_hasSHA
runtime_hasSHA:
	pushq %rbx
	xorl %eax, %eax
	cpuid
	cmpl $7, %eax
	jb 1f
	movl $1, %eax
	cpuid
	andl $(1 << 9 | 1 << 19), %ecx
	cmpl $(1 << 9 | 1 << 19), %ecx
	jne 1f
	movl $7, %eax
	xorl %ecx, %ecx
	cpuid
	movl %ebx, %eax
	shrl $29, %eax
	andl $1, %eax
	popq %rbx
	ret
1:	xorl %eax, %eax
	popq %rbx
	ret

// Four rounds with the words in \m and the next four constants. sha256rnds2 does two: of the state ABEF and CDGH it
// makes the next ABEF where CDGH was, and the old ABEF is the next CDGH.
	.macro rounds m
	movdqu (%rax), %xmm0
	paddd \m, %xmm0
	sha256rnds2 %xmm0, %xmm1, %xmm2
	pshufd $0x0e, %xmm0, %xmm0
	sha256rnds2 %xmm0, %xmm2, %xmm1
	addq $16, %rax
	.endm

// The next four words of the schedule, in place of the oldest of the last sixteen.
	.macro schedule m0, m1, m2, m3
	sha256msg1 \m1, \m0
	movdqa \m3, %xmm7
	palignr $4, \m2, %xmm7
	paddd %xmm7, \m0
	sha256msg2 \m3, \m0
	.endm

	.macro words at, m
	movdqu \at(%rsi), \m
	pshufb %xmm8, \m
	.endm

// runtime_sha256(rdi: eight words of state, rsi: text, rdx: number of blocks of 64 bytes, not 0, rcx: the 64 constants)
	.section .text.runtime_sha256, "ax", @progbits
	.globl runtime_sha256
runtime_sha256:
	movabsq $0x0405060700010203, %rax	// the order of the bytes of two words, reversed
	movq %rax, %xmm8
	movabsq $0x0c0d0e0f08090a0b, %rax
	movq %rax, %xmm0
	punpcklqdq %xmm0, %xmm8
	movdqu (%rdi), %xmm1			// a b c d, from the lowest lane on
	movdqu 16(%rdi), %xmm2			// e f g h
	pshufd $0xb1, %xmm1, %xmm1		// b a d c
	pshufd $0x1b, %xmm2, %xmm2		// h g f e
	movdqa %xmm1, %xmm7
	palignr $8, %xmm2, %xmm1		// f e b a
	pblendw $0xf0, %xmm7, %xmm2		// h g d c
1:	movdqa %xmm1, %xmm9
	movdqa %xmm2, %xmm10
	movq %rcx, %rax
	words 0, %xmm3
	rounds %xmm3
	words 16, %xmm4
	rounds %xmm4
	words 32, %xmm5
	rounds %xmm5
	words 48, %xmm6
	rounds %xmm6
	movl $3, %r8d
2:	schedule %xmm3, %xmm4, %xmm5, %xmm6
	rounds %xmm3
	schedule %xmm4, %xmm5, %xmm6, %xmm3
	rounds %xmm4
	schedule %xmm5, %xmm6, %xmm3, %xmm4
	rounds %xmm5
	schedule %xmm6, %xmm3, %xmm4, %xmm5
	rounds %xmm6
	decl %r8d
	jne 2b
	paddd %xmm9, %xmm1
	paddd %xmm10, %xmm2
	addq $64, %rsi
	decq %rdx
	jne 1b
	pshufd $0x1b, %xmm1, %xmm1		// a b e f
	pshufd $0xb1, %xmm2, %xmm2		// g h c d
	movdqa %xmm1, %xmm7
	pblendw $0xf0, %xmm2, %xmm1		// a b c d
	palignr $8, %xmm7, %xmm2		// e f g h
	movdqu %xmm1, (%rdi)
	movdqu %xmm2, 16(%rdi)
	ret
