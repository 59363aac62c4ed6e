// Start-up, system calls and stack switching on linux/riscv64 (calling convention LP64D).

// The registers that a function leaves as they were, each at its place in a frame.
	.macro integers op
	\op ra, 0(sp)
	\op s0, 8(sp)
	\op s1, 16(sp)
	\op s2, 24(sp)
	\op s3, 32(sp)
	\op s4, 40(sp)
	\op s5, 48(sp)
	\op s6, 56(sp)
	\op s7, 64(sp)
	\op s8, 72(sp)
	\op s9, 80(sp)
	\op s10, 88(sp)
	\op s11, 96(sp)
	.endm

	.macro floats op
	\op fs0, 104(sp)
	\op fs1, 112(sp)
	\op fs2, 120(sp)
	\op fs3, 128(sp)
	\op fs4, 136(sp)
	\op fs5, 144(sp)
	\op fs6, 152(sp)
	\op fs7, 160(sp)
	\op fs8, 168(sp)
	\op fs9, 176(sp)
	\op fs10, 184(sp)
	\op fs11, 192(sp)
	.endm

	.section .text._start, "ax", %progbits
	.globl _start
_start:
	mv a0, sp
	call runtime_start
	ebreak

	.section .text.runtime_continueOn, "ax", %progbits
	.globl runtime_continueOn
runtime_continueOn:
	mv sp, a0
	call runtime_startMain
	ebreak

// The number, then up to six arguments, where the kernel has the number in a7.
	.section .text.runtime_syscall, "ax", %progbits
	.globl runtime_syscall
runtime_syscall:
	mv a7, a0
	mv a0, a1
	mv a1, a2
	mv a2, a3
	mv a3, a4
	mv a4, a5
	mv a5, a6
	ecall
	ret

	.section .text.runtime_swapStack, "ax", %progbits
	.globl runtime_swapStack
runtime_swapStack:
	addi sp, sp, -208
	integers sd
	floats fsd
	sd sp, 0(a0)
	mv sp, a1
	integers ld
	floats fld
	addi sp, sp, 208
	ret

	.section .text.runtime_newStack, "ax", %progbits
	.globl runtime_newStack
runtime_newStack:
	addi a0, a0, -208
	la t0, runtime_firstRun
	sd t0, 0(a0)			// ra
	sd zero, 8(a0)			// s0
	sd a1, 16(a0)			// s1
	ret
runtime_firstRun:
	mv a0, s1
	call runtime_startg
	ebreak

// Has the kernel call a function that does nothing for SIGPIPE (13): an ignored signal would stay so in children.
// sigaction of the kernel: handler, flags (SA_RESTART), mask; the kernel's own code returns from handlers.
	.section .text.runtime_catchSigpipe, "ax", %progbits
	.globl runtime_catchSigpipe
runtime_catchSigpipe:
	addi sp, sp, -32
	la t0, handleSignal
	sd t0, 0(sp)
	lui t0, 0x10000
	sd t0, 8(sp)
	sd zero, 16(sp)
	li a0, 13
	mv a1, sp
	li a2, 0
	li a3, 8
	li a7, 134			// rt_sigaction
	ecall
	addi sp, sp, 32
handleSignal:
	ret

	.section .text.runtime_scanRegisters, "ax", %progbits
	.globl runtime_scanRegisters
runtime_scanRegisters:
	addi sp, sp, -112
	integers sd
	mv a0, sp
	call runtime_scanStack
	ld ra, 0(sp)
	addi sp, sp, 112
	ret
