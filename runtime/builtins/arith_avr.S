; Multiplication and division on AVR with the register conventions that LLVM's AVR back end expects (those of avr-gcc's
; library). r0 and the carry are free, r1 is zero between instructions.

	.macro function name
	.section .text.\name, "ax", @progbits
	.globl \name
\name:
	.endm

; r24 / r22: quotient r24, remainder r25.
	function __udivmodqi4
	sub r25, r25
	ldi r23, 9
	rjmp 2f
1:	rol r25
	cp r25, r22
	brcs 2f
	sub r25, r22
2:	rol r24
	dec r23
	brne 1b
	com r24
	ret

	function __divmodqi4
	bst r24, 7
	mov r0, r24
	eor r0, r22
	sbrc r24, 7
	neg r24
	sbrc r22, 7
	neg r22
	rcall __udivmodqi4
	brtc 1f
	neg r25
1:	sbrc r0, 7
	neg r24
	ret

; r25:r24 / r23:r22: quotient r23:r22, remainder r25:r24.
	function __udivmodhi4
	sub r26, r26
	sub r27, r27
	ldi r21, 17
	rjmp 2f
1:	rol r26
	rol r27
	cp r26, r22
	cpc r27, r23
	brcs 2f
	sub r26, r22
	sbc r27, r23
2:	rol r24
	rol r25
	dec r21
	brne 1b
	com r24
	com r25
	movw r22, r24
	movw r24, r26
	ret

	function __divmodhi4
	bst r25, 7
	mov r0, r23
	brtc 1f
	com r0
	rcall 3f
1:	sbrc r23, 7
	rcall 4f
	push r0
	rcall __udivmodhi4
	pop r0
	sbrc r0, 7
	rcall 4f
	brtc 2f
3:	com r25
	neg r24
	sbci r25, 0xff
2:	ret
4:	com r23
	neg r22
	sbci r23, 0xff
	ret

; r25:r22 / r21:r18: quotient r21:r18, remainder r25:r22.
	function __udivmodsi4
	push r16
	push r17
	ldi r16, 33
	mov r0, r16
	pop r17
	pop r16
	sub r26, r26
	sub r27, r27
	movw r30, r26
	rjmp 2f
1:	rol r26
	rol r27
	rol r30
	rol r31
	cp r26, r18
	cpc r27, r19
	cpc r30, r20
	cpc r31, r21
	brcs 2f
	sub r26, r18
	sbc r27, r19
	sbc r30, r20
	sbc r31, r21
2:	rol r22
	rol r23
	rol r24
	rol r25
	dec r0
	brne 1b
	com r22
	com r23
	com r24
	com r25
	movw r18, r22
	movw r20, r24
	movw r22, r26
	movw r24, r30
	ret

	function __divmodsi4
	bst r25, 7
	mov r0, r21
	brtc 1f
	com r0
	rcall 3f
1:	sbrc r21, 7
	rcall 4f
	push r0
	rcall __udivmodsi4
	pop r0
	sbrc r0, 7
	rcall 4f
	brtc 2f
3:	com r25
	com r24
	com r23
	neg r22
	sbci r23, 0xff
	sbci r24, 0xff
	sbci r25, 0xff
2:	ret
4:	com r21
	com r20
	com r19
	neg r18
	sbci r19, 0xff
	sbci r20, 0xff
	sbci r21, 0xff
	ret

; r25:r22 * r21:r18 -> r25:r22
	function __mulsi3
	mul r22, r18
	movw r26, r0
	mul r23, r19
	movw r30, r0
	mul r24, r18
	add r30, r0
	adc r31, r1
	mul r22, r20
	add r30, r0
	adc r31, r1
	mul r25, r18
	add r31, r0
	mul r24, r19
	add r31, r0
	mul r23, r20
	add r31, r0
	mul r22, r21
	add r31, r0
	mul r23, r18
	rcall 1f
	mul r22, r19
	rcall 1f
	clr r1
	movw r22, r26
	movw r24, r30
	ret
1:	add r27, r0
	adc r30, r1
	brcc 2f
	inc r31
2:	ret
