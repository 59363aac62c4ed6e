; Start-up on AVR: the stack pointer, .data from flash, .bss, then Go. It stands behind the vectors, or at address 0 in
; their place. r1 holds zero in all compiled code.

	.section .init, "ax", @progbits
	.globl __start
__start:
	clr r1
	out 0x3f, r1			; SREG: no interrupts
	ldi r28, lo8(_stack_top - 1)
	ldi r29, hi8(_stack_top - 1)
	out 0x3e, r29			; SPH
	out 0x3d, r28			; SPL

	ldi r26, lo8(_sdata)
	ldi r27, hi8(_sdata)
	ldi r30, lo8(_sidata)
	ldi r31, hi8(_sidata)
	ldi r17, hi8(_edata)
	rjmp 2f
1:	lpm r0, Z+
	st X+, r0
2:	cpi r26, lo8(_edata)
	cpc r27, r17
	brne 1b

	ldi r26, lo8(_sbss)
	ldi r27, hi8(_sbss)
	ldi r17, hi8(_ebss)
	rjmp 4f
3:	st X+, r1
4:	cpi r26, lo8(_ebss)
	cpc r27, r17
	brne 3b
	call runtime_start
5:	rjmp 5b

	.section .text.runtime_scanRegisters, "ax", @progbits
	.globl runtime_scanRegisters
runtime_scanRegisters:
	push r2
	push r3
	push r4
	push r5
	push r6
	push r7
	push r8
	push r9
	push r10
	push r11
	push r12
	push r13
	push r14
	push r15
	push r16
	push r17
	push r28
	push r29
	in r24, 0x3d
	in r25, 0x3e
	adiw r24, 1			; the stack pointer points below the last byte
	call runtime_scanStack
	pop r29
	pop r28
	pop r17
	pop r16
	pop r15
	pop r14
	pop r13
	pop r12
	pop r11
	pop r10
	pop r9
	pop r8
	pop r7
	pop r6
	pop r5
	pop r4
	pop r3
	pop r2
	ret
