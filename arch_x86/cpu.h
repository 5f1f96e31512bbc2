/* SPDX-License-Identifier: GPL-2.0 */
/* What the CPU has, and what the implementations register by. */
#ifndef _LIB_POLY1305_X86_CPU_H
#define _LIB_POLY1305_X86_CPU_H

#include <lib_poly1305_provider.h>

bool lib_poly1305_x86_has_bmi2(void);

#endif /* _LIB_POLY1305_X86_CPU_H */
