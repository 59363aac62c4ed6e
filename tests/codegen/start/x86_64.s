# exit(test())
	.section .text._start,"ax",@progbits
	.globl	_start
_start:
	call	test
	movl	%eax, %edi
	movl	$60, %eax
	syscall
