// Start-up and stack switching on Cortex-M, in instructions that ARMv6-M has.

	.syntax unified
	.thumb

// Reset: the hardware has loaded the stack pointer from the vector table. Copy .data, clear .bss, go on in Go.
	.section .text.Reset_Handler, "ax", %progbits
	.globl Reset_Handler
	.type Reset_Handler, %function
	.thumb_func
Reset_Handler:
	ldr r0, =_sdata
	ldr r1, =_edata
	ldr r2, =_sidata
	b 2f
1:	ldmia r2!, {r3}
	stmia r0!, {r3}
2:	cmp r0, r1
	blo 1b
	ldr r0, =_sbss
	ldr r1, =_ebss
	movs r2, #0
	b 4f
3:	stmia r0!, {r2}
4:	cmp r0, r1
	blo 3b
	bl runtime_start
	b .

// Faults and interrupts that nobody handles stop here: a debugger sees where.
	.section .text.Default_Handler, "ax", %progbits
	.globl Default_Handler
	.type Default_Handler, %function
	.thumb_func
Default_Handler:
	b .

	.section .text.runtime_swapStack, "ax", %progbits
	.globl runtime_swapStack
	.type runtime_swapStack, %function
	.thumb_func
runtime_swapStack:
	push {r4-r7, lr}
	mov r4, r8
	mov r5, r9
	mov r6, r10
	mov r7, r11
	push {r4-r7}
	mov r2, sp
	str r2, [r0]
	mov sp, r1
	pop {r4-r7}
	mov r8, r4
	mov r9, r5
	mov r10, r6
	mov r11, r7
	pop {r4-r7, pc}

// Registers of a function that defers, see context in unwind_jump.go.
	.section .text.runtime_saveContext, "ax", %progbits
	.globl runtime_saveContext
	.type runtime_saveContext, %function
	.thumb_func
runtime_saveContext:
	stmia r0!, {r4-r7}
	mov r1, r8
	mov r2, r9
	mov r3, r10
	stmia r0!, {r1-r3}
	mov r1, r11
	mov r2, sp
	mov r3, lr
	stmia r0!, {r1-r3}
	movs r0, #0
	bx lr

	.section .text.runtime_resume, "ax", %progbits
	.globl runtime_resume
	.type runtime_resume, %function
	.thumb_func
runtime_resume:
	ldmia r0!, {r4-r7}
	ldmia r0!, {r1-r3}
	mov r8, r1
	mov r9, r2
	mov r10, r3
	ldmia r0!, {r1-r3}
	mov r11, r1
	mov sp, r2
	movs r0, #1
	bx r3

// A stack as swapStack leaves it: nine words, r4 = the function record, pc = firstRun.
	.section .text.runtime_newStack, "ax", %progbits
	.globl runtime_newStack
	.type runtime_newStack, %function
	.thumb_func
runtime_newStack:
	subs r0, #40
	str r1, [r0, #16]
	ldr r2, =runtime_firstRun
	str r2, [r0, #32]
	bx lr
	.type runtime_firstRun, %function
	.thumb_func
runtime_firstRun:
	mov r0, r4
	bl runtime_startg
	b .

	.section .text.runtime_scanRegisters, "ax", %progbits
	.globl runtime_scanRegisters
	.type runtime_scanRegisters, %function
	.thumb_func
runtime_scanRegisters:
	push {r4-r7, lr}
	mov r4, r8
	mov r5, r9
	mov r6, r10
	mov r7, r11
	push {r3-r7}
	mov r0, sp
	bl runtime_scanStack
	pop {r3-r7}
	mov r8, r4
	mov r9, r5
	mov r10, r6
	mov r11, r7
	pop {r4-r7, pc}

	.section .text.runtime_semihosting, "ax", %progbits
	.globl runtime_semihosting
	.type runtime_semihosting, %function
	.thumb_func
runtime_semihosting:
	bkpt 0xab
	bx lr
