# exit(test())
	.section .text._start,"ax",@progbits
	.globl	_start
_start:
	call	test
	movl	%eax, %ebx
	movl	$1, %eax
	int	$0x80
