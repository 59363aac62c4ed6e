// Start-up, system calls and stack switching on linux/riscv64 (calling convention LP64D).

// The registers that a function leaves as they were, each at its place in a frame.
	.macro integers op, base=sp
	\op ra, 0(\base)
	\op s0, 8(\base)
	\op s1, 16(\base)
	\op s2, 24(\base)
	\op s3, 32(\base)
	\op s4, 40(\base)
	\op s5, 48(\base)
	\op s6, 56(\base)
	\op s7, 64(\base)
	\op s8, 72(\base)
	\op s9, 80(\base)
	\op s10, 88(\base)
	\op s11, 96(\base)
	.endm

	.macro floats op, base=sp
	\op fs0, 104(\base)
	\op fs1, 112(\base)
	\op fs2, 120(\base)
	\op fs3, 128(\base)
	\op fs4, 136(\base)
	\op fs5, 144(\base)
	\op fs6, 152(\base)
	\op fs7, 160(\base)
	\op fs8, 168(\base)
	\op fs9, 176(\base)
	\op fs10, 184(\base)
	\op fs11, 192(\base)
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

// Registers of a function that defers, see context in unwind_jump.go: as in a frame, then the stack pointer.
	.section .text.runtime_saveContext, "ax", %progbits
	.globl runtime_saveContext
runtime_saveContext:
	integers sd, a0
	floats fsd, a0
	sd sp, 200(a0)
	li a0, 0
	ret

	.section .text.runtime_resume, "ax", %progbits
	.globl runtime_resume
runtime_resume:
	integers ld, a0
	floats fld, a0
	ld sp, 200(a0)
	li a0, 1
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
