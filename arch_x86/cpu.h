/* SPDX-License-Identifier: GPL-2.0 */
/* What the CPU and the kernel have that the implementations need. */
#ifndef _LIB_POLY1305_X86_CPU_H
#define _LIB_POLY1305_X86_CPU_H

#include <lib_poly1305_provider.h>

/*
 * Whether the CPU has it and, for the first one with registers of a kind, the
 * kernel saves them.
 */
bool lib_poly1305_x86_has_bmi2(void);
bool lib_poly1305_x86_has_avx2(void);
bool lib_poly1305_x86_has_avx_ifma(void);
bool lib_poly1305_x86_has_avx512vl(void);
bool lib_poly1305_x86_has_avx512ifma(void);

/* Begins a section that uses vector registers, if that is possible here. */
bool lib_poly1305_x86_fpu_begin(void);

/* Ends it. */
void lib_poly1305_x86_fpu_end(void);

#endif /* _LIB_POLY1305_X86_CPU_H */
