// Start-up, system calls and stack switching on linux/arm (AAPCS with hardware floating point).

	.syntax unified
	.arm

	.section .text._start, "ax", %progbits
	.globl _start
	.type _start, %function
_start:
	mov fp, #0
	mov lr, #0
	mov r0, sp
	bl runtime_start
	udf #0

	.section .text.runtime_continueOn, "ax", %progbits
	.globl runtime_continueOn
	.type runtime_continueOn, %function
runtime_continueOn:
	mov sp, r0
	bl runtime_startMain
	udf #0

// The number, then up to six arguments, three of them on the stack; the kernel has the number in r7.
	.section .text.runtime_syscall, "ax", %progbits
	.globl runtime_syscall
	.type runtime_syscall, %function
runtime_syscall:
	push {r4, r5, r7, lr}
	mov r7, r0
	mov r0, r1
	mov r1, r2
	mov r2, r3
	ldr r3, [sp, #16]
	ldr r4, [sp, #20]
	ldr r5, [sp, #24]
	svc #0
	pop {r4, r5, r7, pc}

	.section .text.runtime_swapStack, "ax", %progbits
	.globl runtime_swapStack
	.type runtime_swapStack, %function
runtime_swapStack:
	push {r3-r11, lr}		// r3 for alignment
	vpush {d8-d15}
	str sp, [r0]
	mov sp, r1
	vpop {d8-d15}
	pop {r3-r11, pc}

// Registers of a function that defers, see context in unwind_jump.go.
	.section .text.runtime_saveContext, "ax", %progbits
	.globl runtime_saveContext
	.type runtime_saveContext, %function
runtime_saveContext:
	mov r1, sp
	stmia r0!, {r1, r4-r11, lr}
	vstmia r0, {d8-d15}
	mov r0, #0
	bx lr

	.section .text.runtime_resume, "ax", %progbits
	.globl runtime_resume
	.type runtime_resume, %function
runtime_resume:
	ldmia r0!, {r1, r4-r11, lr}
	vldmia r0, {d8-d15}
	mov sp, r1
	mov r0, #1
	bx lr

	.section .text.runtime_newStack, "ax", %progbits
	.globl runtime_newStack
	.type runtime_newStack, %function
runtime_newStack:
	sub r0, r0, #104
	ldr r2, =runtime_firstRun
	str r1, [r0, #68]		// r4
	str r2, [r0, #100]		// pc
	bx lr
	.type runtime_firstRun, %function
runtime_firstRun:
	mov r0, r4
	bl runtime_startg
	udf #0
	.ltorg

// Has the kernel call a function that does nothing for SIGPIPE (13): an ignored signal would stay so in children.
// sigaction of the kernel: handler, flags (SA_RESTART), restorer, mask; the kernel's own code returns from handlers.
	.section .text.runtime_catchSigpipe, "ax", %progbits
	.globl runtime_catchSigpipe
	.type runtime_catchSigpipe, %function
runtime_catchSigpipe:
	push {r4, r7, lr}
	sub sp, sp, #20
	ldr r0, =handleSignal
	mov r1, #0x10000000
	mov r2, #0
	str r0, [sp]
	str r1, [sp, #4]
	str r2, [sp, #8]
	str r2, [sp, #12]
	str r2, [sp, #16]
	mov r0, #13
	mov r1, sp
	mov r3, #8
	mov r7, #174			// rt_sigaction
	svc #0
	add sp, sp, #20
	pop {r4, r7, pc}
	.type handleSignal, %function
handleSignal:
	bx lr
	.ltorg

	.section .text.runtime_scanRegisters, "ax", %progbits
	.globl runtime_scanRegisters
	.type runtime_scanRegisters, %function
runtime_scanRegisters:
	push {r3-r11, lr}
	mov r0, sp
	bl runtime_scanStack
	pop {r3-r11, pc}
