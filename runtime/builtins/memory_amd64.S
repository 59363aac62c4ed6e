// Memory functions for amd64 with SSE2: short sizes as two accesses that may overlap, long ones in the processor's
// microcode.

// memmove(rdi: to, rsi: from, rdx: size). All that a short copy reads is read before it writes, and of a long one the
// end that the loop leaves, so that overlapping memory needs nothing but the right direction.
	.section .text.memmove, "ax", @progbits
	.globl memmove
	.globl memcpy
memcpy:
memmove:
	movq %rdi, %rax
	cmpq $16, %rdx
	jb 4f
	movups -16(%rsi,%rdx), %xmm0
	cmpq $32, %rdx
	ja 1f
	movups (%rsi), %xmm1
	movups %xmm1, (%rdi)
	movups %xmm0, -16(%rdi,%rdx)
	ret
1:	movq %rdi, %rcx
	subq %rsi, %rcx
	cmpq %rdx, %rcx
	jb 3f				// the target starts within the source: backwards
	leaq -16(%rdi,%rdx), %r8	// where the last 16 bytes go
	cmpq $1024, %rdx
	jb 2f
	cmpq $-64, %rcx			// the microcode is slow where the target is just below the source
	jbe 9f
2:	movups (%rsi), %xmm1
	movups %xmm1, (%rdi)
	addq $16, %rsi
	addq $16, %rdi
	cmpq %r8, %rdi
	jb 2b
	movups %xmm0, (%r8)
	ret
9:	movq %rdx, %rcx
	rep movsb
	ret
3:	movups (%rsi), %xmm1
	subq $16, %rdx
5:	movups (%rsi,%rdx), %xmm2
	movups %xmm2, (%rdi,%rdx)
	subq $16, %rdx
	ja 5b
	movups %xmm1, (%rdi)
	ret
4:	cmpl $8, %edx
	jb 6f
	movq (%rsi), %rcx
	movq -8(%rsi,%rdx), %r8
	movq %rcx, (%rdi)
	movq %r8, -8(%rdi,%rdx)
	ret
6:	cmpl $4, %edx
	jb 7f
	movl (%rsi), %ecx
	movl -4(%rsi,%rdx), %r8d
	movl %ecx, (%rdi)
	movl %r8d, -4(%rdi,%rdx)
	ret
7:	subl $1, %edx
	jb 8f
	movzbl (%rsi), %ecx
	je 10f
	movzwl -1(%rsi,%rdx), %r8d	// the last two of two or three
	movw %r8w, -1(%rdi,%rdx)
10:	movb %cl, (%rdi)
8:	ret

// memset(rdi: to, esi: byte, rdx: size)
	.section .text.memset, "ax", @progbits
	.globl memset
memset:
	movq %rdi, %r9
	movzbl %sil, %eax
	movabsq $0x0101010101010101, %rcx
	imulq %rcx, %rax
	cmpq $16, %rdx
	jb 3f
	cmpq $512, %rdx
	jae 2f
	movq %rax, %xmm0
	punpcklqdq %xmm0, %xmm0
	leaq -16(%rdi,%rdx), %r8
1:	movups %xmm0, (%rdi)
	addq $16, %rdi
	cmpq %r8, %rdi
	jb 1b
	movups %xmm0, (%r8)
	movq %r9, %rax
	ret
2:	movq %rdx, %rcx
	rep stosb
	movq %r9, %rax
	ret
3:	cmpl $8, %edx
	jb 4f
	movq %rax, (%rdi)
	movq %rax, -8(%rdi,%rdx)
	movq %r9, %rax
	ret
4:	subl $1, %edx
	jb 5f
	movb %al, (%rdi,%rdx)
	jne 4b
5:	movq %r9, %rax
	ret
