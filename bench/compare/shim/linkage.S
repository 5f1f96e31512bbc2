/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel's assembly wants of linux/linkage.h. A return is a plain one:
 * kernels with return thunks or IBT have a little more there.
 */
#define SYM_FUNC_START(name)	.globl name; .type name, @function; .balign 16; name:
#define SYM_FUNC_END(name)	.size name, . - name
#define RET			ret
