; Stack, data into RAM (simavr's is zero at start), test(), then "=" and the result as a character over USART0, sleep
; with interrupts off, which ends simavr. Registers of the ATmega328P: SPL 0x3d, SPH 0x3e, UCSR0A 0xc0, UCSR0B 0xc1,
; UDR0 0xc6.
	.section .text._start,"ax",@progbits
	.globl	_start
_start:
	jmp	1f
1:	clr	r1
	ldi	r28, 0xff
	ldi	r29, 0x08
	out	0x3e, r29
	out	0x3d, r28
	ldi	r26, lo8(_data_start)
	ldi	r27, hi8(_data_start)
	ldi	r30, lo8(_data_load)
	ldi	r31, hi8(_data_load)
	ldi	r24, lo8(_data_end)
	ldi	r25, hi8(_data_end)
2:	cp	r26, r24
	cpc	r27, r25
	breq	3f
	lpm	r0, Z+
	st	X+, r0
	rjmp	2b
3:	call	test
	mov	r18, r22
	ldi	r24, 8
	sts	0xc1, r24
	ldi	r24, '='
	rcall	put
	mov	r24, r18
	subi	r24, -48
	rcall	put
	ldi	r24, 10
	rcall	put
	cli
	sleep
4:	rjmp	4b
put:
	lds	r25, 0xc0
	sbrs	r25, 5
	rjmp	put
	sts	0xc6, r24
	ret
