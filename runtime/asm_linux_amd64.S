// Start-up, system calls and stack switching on linux/amd64 (System V ABI).

	.section .text._start, "ax", @progbits
	.globl _start
_start:
	movq %rsp, %rdi
	andq $-16, %rsp
	xorl %ebp, %ebp
	call runtime_start
	ud2

	.section .text.runtime_syscall, "ax", @progbits
	.globl runtime_syscall
runtime_syscall:
	movq %rdi, %rax
	movq %rsi, %rdi
	movq %rdx, %rsi
	movq %rcx, %rdx
	movq %r8, %r10
	movq %r9, %r8
	movq 8(%rsp), %r9
	syscall
	ret

	.section .text.runtime_swapStack, "ax", @progbits
	.globl runtime_swapStack
runtime_swapStack:
	pushq %rbp
	pushq %rbx
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	movq %rsp, (%rdi)
	movq %rsi, %rsp
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbx
	popq %rbp
	ret

	.section .text.runtime_newStack, "ax", @progbits
	.globl runtime_newStack
runtime_newStack:
	leaq runtime_firstRun(%rip), %rax
	movq %rax, -16(%rdi)
	movq %rsi, -32(%rdi)		// rbx
	leaq -64(%rdi), %rax
	ret
runtime_firstRun:
	subq $8, %rsp
	movq %rbx, %rdi
	call runtime_startg
	ud2

// Registers of a function that defers, see context in unwind_jump.go.
	.section .text.runtime_saveContext, "ax", @progbits
	.globl runtime_saveContext
runtime_saveContext:
	movq %rbx, (%rdi)
	movq %rbp, 8(%rdi)
	movq %r12, 16(%rdi)
	movq %r13, 24(%rdi)
	movq %r14, 32(%rdi)
	movq %r15, 40(%rdi)
	popq %rcx
	movq %rsp, 48(%rdi)
	movq %rcx, 56(%rdi)
	xorl %eax, %eax
	jmpq *%rcx

	.section .text.runtime_resume, "ax", @progbits
	.globl runtime_resume
runtime_resume:
	movq (%rdi), %rbx
	movq 8(%rdi), %rbp
	movq 16(%rdi), %r12
	movq 24(%rdi), %r13
	movq 32(%rdi), %r14
	movq 40(%rdi), %r15
	movq 48(%rdi), %rsp
	movl $1, %eax
	jmpq *56(%rdi)

// The return address and the stack pointer after the return.
	.section .text.runtime_here, "ax", @progbits
	.globl runtime_here
runtime_here:
	movq (%rsp), %rax
	movq %rax, (%rdi)
	leaq 8(%rsp), %rax
	movq %rax, 8(%rdi)
	ret

// Has the kernel call a function that does nothing for SIGPIPE (13): an ignored signal would stay so in children.
// sigaction of the kernel: handler, flags (SA_RESTORER, SA_RESTART), restorer, mask.
	.section .text.runtime_catchSigpipe, "ax", @progbits
	.globl runtime_catchSigpipe
runtime_catchSigpipe:
	subq $40, %rsp
	leaq handleSignal(%rip), %rax
	movq %rax, (%rsp)
	movq $0x14000000, 8(%rsp)
	leaq leaveSignal(%rip), %rax
	movq %rax, 16(%rsp)
	movq $0, 24(%rsp)
	movl $13, %edi
	movq %rsp, %rsi
	xorl %edx, %edx
	movl $8, %r10d
	movl $13, %eax			// rt_sigaction
	syscall
	addq $40, %rsp
handleSignal:
	ret
leaveSignal:
	movl $15, %eax			// rt_sigreturn
	syscall

	.section .text.runtime_scanRegisters, "ax", @progbits
	.globl runtime_scanRegisters
runtime_scanRegisters:
	pushq %rbp
	pushq %rbx
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	pushq %rax
	movq %rsp, %rdi
	call runtime_scanStack
	addq $56, %rsp
	ret
