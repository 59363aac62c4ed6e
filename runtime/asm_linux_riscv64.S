// Start-up, system calls and stack switching on linux/riscv64 (calling convention LP64D).

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
	sd ra, 0(sp)
	sd s0, 8(sp)
	sd s1, 16(sp)
	sd s2, 24(sp)
	sd s3, 32(sp)
	sd s4, 40(sp)
	sd s5, 48(sp)
	sd s6, 56(sp)
	sd s7, 64(sp)
	sd s8, 72(sp)
	sd s9, 80(sp)
	sd s10, 88(sp)
	sd s11, 96(sp)
	fsd fs0, 104(sp)
	fsd fs1, 112(sp)
	fsd fs2, 120(sp)
	fsd fs3, 128(sp)
	fsd fs4, 136(sp)
	fsd fs5, 144(sp)
	fsd fs6, 152(sp)
	fsd fs7, 160(sp)
	fsd fs8, 168(sp)
	fsd fs9, 176(sp)
	fsd fs10, 184(sp)
	fsd fs11, 192(sp)
	sd sp, 0(a0)
	mv sp, a1
	ld ra, 0(sp)
	ld s0, 8(sp)
	ld s1, 16(sp)
	ld s2, 24(sp)
	ld s3, 32(sp)
	ld s4, 40(sp)
	ld s5, 48(sp)
	ld s6, 56(sp)
	ld s7, 64(sp)
	ld s8, 72(sp)
	ld s9, 80(sp)
	ld s10, 88(sp)
	ld s11, 96(sp)
	fld fs0, 104(sp)
	fld fs1, 112(sp)
	fld fs2, 120(sp)
	fld fs3, 128(sp)
	fld fs4, 136(sp)
	fld fs5, 144(sp)
	fld fs6, 152(sp)
	fld fs7, 160(sp)
	fld fs8, 168(sp)
	fld fs9, 176(sp)
	fld fs10, 184(sp)
	fld fs11, 192(sp)
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
	sd ra, 0(sp)
	sd s0, 8(sp)
	sd s1, 16(sp)
	sd s2, 24(sp)
	sd s3, 32(sp)
	sd s4, 40(sp)
	sd s5, 48(sp)
	sd s6, 56(sp)
	sd s7, 64(sp)
	sd s8, 72(sp)
	sd s9, 80(sp)
	sd s10, 88(sp)
	sd s11, 96(sp)
	mv a0, sp
	call runtime_scanStack
	ld ra, 0(sp)
	addi sp, sp, 112
	ret
