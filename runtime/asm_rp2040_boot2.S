// The RP2040's second-stage boot loader: 256 bytes that the boot ROM copies to RAM and runs (RP2040 data sheet, 2.8.1).
// It sets the flash interface up for plain reads in place (command 03h, which every flash chip knows) and starts the
// program. The checksum in the last four bytes is filled in after linking.

	.syntax unified
	.cpu cortex-m0plus
	.thumb

	.section .boot2, "ax", %progbits
	.globl boot2
	.type boot2, %function
	.thumb_func
boot2:
	ldr r3, =0x18000000		// SSI
	movs r0, #0
	str r0, [r3, #0x08]		// SSIENR: off while it is set up
	movs r0, #4
	str r0, [r3, #0x14]		// BAUDR: clk_sys / 4
	ldr r0, =0x001f0300		// CTRLR0: 32-bit frames, EEPROM read mode, standard SPI
	str r0, [r3, #0x00]
	ldr r1, =0xf4
	ldr r0, =0x03000218		// SPI_CTRLR0: command 03h, 8-bit instruction, 24-bit address
	str r0, [r3, r1]
	movs r0, #0
	str r0, [r3, #0x04]		// CTRLR1: one frame at a time
	movs r0, #1
	str r0, [r3, #0x08]		// SSIENR: on
	mov r0, lr			// 0 from the boot ROM: go on to the program
	cmp r0, #0
	beq 1f
	bx r0
1:	ldr r0, =0x10000100		// its vector table
	ldr r1, =0xe000ed08		// VTOR
	str r0, [r1]
	ldmia r0, {r0, r1}
	msr msp, r0
	bx r1
	.balign 4
	.ltorg
	.org 256
