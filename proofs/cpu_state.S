/* SPDX-License-Identifier: GPL-2.0 */
/*
 * void run_on(struct state *state, const void *code): loads all registers from the state, runs the
 * code, which ends with a jump to run_on_end, and stores all registers. A state has rax to r15 in
 * the order of their encoding, the flags, k1 to k7, and from byte 192 on zmm0 to zmm31.
 */
	.intel_syntax noprefix
	.text
	.globl	run_on, run_on_end
run_on:
	push	rbx
	push	rbp
	push	r12
	push	r13
	push	r14
	push	r15
	mov	[rip + stack], rsp
	mov	[rip + state], rdi
	mov	[rip + code], rsi
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	vmovdqu64	zmm\n, [rdi + 192 + 64 * \n]
	.endr
	.irp	n, 1,2,3,4,5,6,7
	kmovw	k\n, [rdi + 128 + 8 * \n]
	.endr
	push	qword ptr [rdi + 128]
	popfq
	mov	rax, [rdi]
	mov	rcx, [rdi + 8]
	mov	rdx, [rdi + 16]
	mov	rbx, [rdi + 24]
	mov	rsp, [rdi + 32]
	mov	rbp, [rdi + 40]
	mov	rsi, [rdi + 48]
	.irp	n, 8,9,10,11,12,13,14,15
	mov	r\n, [rdi + 8 * \n]
	.endr
	mov	rdi, [rdi + 56]
	jmp	[rip + code]
run_on_end:
	mov	[rip + code], rdi
	mov	rdi, [rip + state]
	mov	[rdi], rax
	mov	[rdi + 8], rcx
	mov	[rdi + 16], rdx
	mov	[rdi + 24], rbx
	mov	[rdi + 32], rsp
	mov	[rdi + 40], rbp
	mov	[rdi + 48], rsi
	.irp	n, 8,9,10,11,12,13,14,15
	mov	[rdi + 8 * \n], r\n
	.endr
	mov	rsp, [rip + stack]
	pushfq
	pop	qword ptr [rdi + 128]
	mov	rax, [rip + code]
	mov	[rdi + 56], rax
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	vmovdqu64	[rdi + 192 + 64 * \n], zmm\n
	.endr
	.irp	n, 1,2,3,4,5,6,7
	kmovw	[rdi + 128 + 8 * \n], k\n
	.endr
	vzeroupper
	pop	r15
	pop	r14
	pop	r13
	pop	r12
	pop	rbp
	pop	rbx
	ret

	.local	stack, state, code
	.comm	stack, 8, 8
	.comm	state, 8, 8
	.comm	code, 8, 8
	.section	.note.GNU-stack, "", @progbits
