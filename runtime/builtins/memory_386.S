// Memory functions for 386 with SSE2: short sizes as two accesses that may overlap, long ones in the processor's
// microcode. Arguments are in registers, as LLVM is told (src/codegen/abi.rs).

// memmove(eax: to, edx: from, ecx: size). All that a short copy reads is read before it writes, and of a long one the
// end that the loop leaves, so that overlapping memory needs nothing but the right direction.
	.section .text.memmove, "ax", @progbits
	.globl memmove
	.globl memcpy
memcpy:
memmove:
	cmpl $16, %ecx
	jb 4f
	movups -16(%edx,%ecx), %xmm0
	cmpl $32, %ecx
	ja 1f
	movups (%edx), %xmm1
	movups %xmm1, (%eax)
	movups %xmm0, -16(%eax,%ecx)
	ret
1:	pushl %esi
	pushl %edi
	movl %edx, %esi
	movl %eax, %edi
	movl %eax, %edx
	subl %esi, %edx
	cmpl %ecx, %edx
	jb 3f				// the target starts within the source: backwards
	cmpl $1024, %ecx
	jb 2f
	cmpl $-64, %edx			// the microcode is slow where the target is just below the source
	jbe 9f
2:	leal -16(%edi,%ecx), %ecx	// where the last 16 bytes go
5:	movups (%esi), %xmm1
	movups %xmm1, (%edi)
	addl $16, %esi
	addl $16, %edi
	cmpl %ecx, %edi
	jb 5b
	movups %xmm0, (%ecx)
	popl %edi
	popl %esi
	ret
9:	rep movsb
	popl %edi
	popl %esi
	ret
3:	movups (%esi), %xmm1
	subl $16, %ecx
6:	movups (%esi,%ecx), %xmm2
	movups %xmm2, (%edi,%ecx)
	subl $16, %ecx
	ja 6b
	movups %xmm1, (%edi)
	popl %edi
	popl %esi
	ret
4:	cmpl $8, %ecx
	jb 7f
	movq (%edx), %xmm0
	movq -8(%edx,%ecx), %xmm1
	movq %xmm0, (%eax)
	movq %xmm1, -8(%eax,%ecx)
	ret
7:	cmpl $4, %ecx
	jb 8f
	movd (%edx), %xmm0
	movd -4(%edx,%ecx), %xmm1
	movd %xmm0, (%eax)
	movd %xmm1, -4(%eax,%ecx)
	ret
8:	subl $1, %ecx
	jb 11f
	pushl %ebx
	movzbl (%edx), %ebx
	je 10f
	movzwl -1(%edx,%ecx), %edx	// the last two of two or three
	movw %dx, -1(%eax,%ecx)
10:	movb %bl, (%eax)
	popl %ebx
11:	ret

// memset(eax: to, edx: byte, ecx: size)
	.section .text.memset, "ax", @progbits
	.globl memset
memset:
	pushl %edi
	movl %eax, %edi
	movzbl %dl, %edx
	imull $0x01010101, %edx, %edx
	cmpl $16, %ecx
	jb 3f
	cmpl $512, %ecx
	jae 2f
	movd %edx, %xmm0
	pshufd $0, %xmm0, %xmm0
	leal -16(%edi,%ecx), %ecx
1:	movups %xmm0, (%edi)
	addl $16, %edi
	cmpl %ecx, %edi
	jb 1b
	movups %xmm0, (%ecx)
	popl %edi
	ret
2:	pushl %eax
	movl %edx, %eax
	rep stosb
	popl %eax
	popl %edi
	ret
3:	cmpl $4, %ecx
	jb 4f
	movl %edx, (%edi)
	movl %edx, -4(%edi,%ecx)
	cmpl $8, %ecx
	jbe 5f
	movl %edx, 4(%edi)
	movl %edx, -8(%edi,%ecx)
	popl %edi
	ret
4:	subl $1, %ecx
	jb 5f
	movb %dl, (%edi,%ecx)
	jne 4b
5:	popl %edi
	ret
