// Start-up, system calls and stack switching on linux/386. The first three words of parameters are in eax, edx and ecx, as
// in all our code for this machine.

	.section .text._start, "ax", @progbits
	.globl _start
_start:
	movl %esp, %eax
	xorl %ebp, %ebp
	call runtime_start
	ud2

	.section .text.runtime_continueOn, "ax", @progbits
	.globl runtime_continueOn
runtime_continueOn:
	movl %eax, %esp
	call runtime_startMain
	ud2

// The number, then up to six arguments, four of them on the stack.
	.section .text.runtime_syscall, "ax", @progbits
	.globl runtime_syscall
runtime_syscall:
	pushl %ebp
	pushl %ebx
	pushl %esi
	pushl %edi
	movl %edx, %ebx
	movl 20(%esp), %edx
	movl 24(%esp), %esi
	movl 28(%esp), %edi
	movl 32(%esp), %ebp
	int $0x80
	popl %edi
	popl %esi
	popl %ebx
	popl %ebp
	ret

	.section .text.runtime_swapStack, "ax", @progbits
	.globl runtime_swapStack
runtime_swapStack:
	pushl %ebp
	pushl %ebx
	pushl %esi
	pushl %edi
	movl %esp, (%eax)
	movl %edx, %esp
	popl %edi
	popl %esi
	popl %ebx
	popl %ebp
	ret

	.section .text.runtime_newStack, "ax", @progbits
	.globl runtime_newStack
runtime_newStack:
	movl $runtime_firstRun, -4(%eax)
	movl %edx, -12(%eax)		// ebx
	subl $20, %eax
	ret
runtime_firstRun:
	movl %ebx, %eax
	call runtime_startg
	ud2

// Registers of a function that defers, see context in unwind_jump.go.
	.section .text.runtime_saveContext, "ax", @progbits
	.globl runtime_saveContext
runtime_saveContext:
	popl %ecx
	movl %ebx, (%eax)
	movl %ebp, 4(%eax)
	movl %esi, 8(%eax)
	movl %edi, 12(%eax)
	movl %esp, 16(%eax)
	movl %ecx, 20(%eax)
	xorl %eax, %eax
	jmpl *%ecx

	.section .text.runtime_resume, "ax", @progbits
	.globl runtime_resume
runtime_resume:
	movl (%eax), %ebx
	movl 4(%eax), %ebp
	movl 8(%eax), %esi
	movl 12(%eax), %edi
	movl 16(%eax), %esp
	movl 20(%eax), %ecx
	movl $1, %eax
	jmpl *%ecx

// Has the kernel call a function that does nothing for SIGPIPE (13): an ignored signal would stay so in children.
// sigaction of the kernel: handler, flags (SA_RESTORER, SA_RESTART), restorer, mask.
	.section .text.runtime_catchSigpipe, "ax", @progbits
	.globl runtime_catchSigpipe
runtime_catchSigpipe:
	pushl %ebx
	pushl %esi
	pushl $0
	pushl $0
	pushl $leaveSignal
	pushl $0x14000000
	pushl $handleSignal
	movl $13, %ebx
	movl %esp, %ecx
	xorl %edx, %edx
	movl $8, %esi
	movl $174, %eax			// rt_sigaction
	int $0x80
	addl $20, %esp
	popl %esi
	popl %ebx
handleSignal:
	ret
leaveSignal:
	popl %eax			// the number of the signal, which handlers without SA_SIGINFO get
	movl $119, %eax			// sigreturn
	int $0x80

	.section .text.runtime_scanRegisters, "ax", @progbits
	.globl runtime_scanRegisters
runtime_scanRegisters:
	pushl %ebp
	pushl %ebx
	pushl %esi
	pushl %edi
	movl %esp, %eax
	call runtime_scanStack
	addl $16, %esp
	ret
