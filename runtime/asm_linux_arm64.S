// Start-up, system calls and stack switching on linux/arm64 (AAPCS64).

// The registers that a function leaves as they were, each at its place in a frame; x29 and x30 come before them.
	.macro integers op, base=sp
	\op x19, x20, [\base, #16]
	\op x21, x22, [\base, #32]
	\op x23, x24, [\base, #48]
	\op x25, x26, [\base, #64]
	\op x27, x28, [\base, #80]
	.endm

	.macro floats op, base=sp
	\op d8, d9, [\base, #96]
	\op d10, d11, [\base, #112]
	\op d12, d13, [\base, #128]
	\op d14, d15, [\base, #144]
	.endm

	.section .text._start, "ax", %progbits
	.globl _start
_start:
	mov x29, #0
	mov x30, #0
	mov x0, sp
	bl runtime_start
	brk #1

	.section .text.runtime_continueOn, "ax", %progbits
	.globl runtime_continueOn
runtime_continueOn:
	mov sp, x0
	mov x29, #0
	bl runtime_startMain
	brk #1

// The number, then up to six arguments, where the kernel has the number in x8.
	.section .text.runtime_syscall, "ax", %progbits
	.globl runtime_syscall
runtime_syscall:
	mov x8, x0
	mov x0, x1
	mov x1, x2
	mov x2, x3
	mov x3, x4
	mov x4, x5
	mov x5, x6
	svc #0
	ret

	.section .text.runtime_swapStack, "ax", %progbits
	.globl runtime_swapStack
runtime_swapStack:
	stp x29, x30, [sp, #-160]!
	integers stp
	floats stp
	mov x9, sp
	str x9, [x0]
	mov sp, x1
	integers ldp
	floats ldp
	ldp x29, x30, [sp], #160
	ret

// Registers of a function that defers, see context in unwind_jump.go: as in a frame, then the stack pointer.
	.section .text.runtime_saveContext, "ax", %progbits
	.globl runtime_saveContext
runtime_saveContext:
	stp x29, x30, [x0]
	integers stp, x0
	floats stp, x0
	mov x9, sp
	str x9, [x0, #160]
	mov x0, #0
	ret

	.section .text.runtime_resume, "ax", %progbits
	.globl runtime_resume
runtime_resume:
	ldp x29, x30, [x0]
	integers ldp, x0
	floats ldp, x0
	ldr x9, [x0, #160]
	mov sp, x9
	mov x0, #1
	ret

	.section .text.runtime_newStack, "ax", %progbits
	.globl runtime_newStack
runtime_newStack:
	sub x9, x0, #160
	adrp x10, runtime_firstRun
	add x10, x10, :lo12:runtime_firstRun
	stp xzr, x10, [x9]		// x29, x30
	str x1, [x9, #16]		// x19
	mov x0, x9
	ret
runtime_firstRun:
	mov x0, x19
	bl runtime_startg
	brk #1

// Has the kernel call a function that does nothing for SIGPIPE (13): an ignored signal would stay so in children.
// sigaction of the kernel: handler, flags (SA_RESTART), mask; the kernel's own code returns from handlers.
	.section .text.runtime_catchSigpipe, "ax", %progbits
	.globl runtime_catchSigpipe
runtime_catchSigpipe:
	sub sp, sp, #32
	adr x9, handleSignal
	mov x10, #0x10000000
	stp x9, x10, [sp]
	stp xzr, xzr, [sp, #16]
	mov x0, #13
	mov x1, sp
	mov x2, #0
	mov x3, #8
	mov x8, #134			// rt_sigaction
	svc #0
	add sp, sp, #32
handleSignal:
	ret

	.section .text.runtime_scanRegisters, "ax", %progbits
	.globl runtime_scanRegisters
runtime_scanRegisters:
	stp x29, x30, [sp, #-96]!
	integers stp
	mov x0, sp
	bl runtime_scanStack
	ldp x29, x30, [sp], #96
	ret
