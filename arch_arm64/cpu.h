/* SPDX-License-Identifier: GPL-2.0 */
/* What the CPU and the kernel have that the implementations need. */
#ifndef _LIB_POLY1305_ARM64_CPU_H
#define _LIB_POLY1305_ARM64_CPU_H

#include <lib_poly1305_provider.h>
#include <uapi/asm/ptrace.h>

/* Whether the CPU has Advanced SIMD, and the kernel lets its own code use it. */
bool lib_poly1305_arm64_has_neon(void);

/* Whether this CPU is one of those on which NEON is slower than scalar code. */
bool lib_poly1305_arm64_prefers_scalar(void);

/* Where the registers of who is interrupted are kept meanwhile. */
struct lib_poly1305_arm64_room {
	struct user_fpsimd_state registers;
	/* whether they are those of a softirq, which the kernel does not keep */
	bool kept;
};

/*
 * Begins a section that uses vector registers, if that is possible here: not in
 * hardirq, and not inside a section of the task.
 */
bool lib_poly1305_arm64_neon_begin(struct lib_poly1305_arm64_room *room);

/* Ends it: with the same room. */
void lib_poly1305_arm64_neon_end(struct lib_poly1305_arm64_room *room);

#endif /* _LIB_POLY1305_ARM64_CPU_H */
