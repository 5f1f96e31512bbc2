// SPDX-License-Identifier: GPL-2.0
/*
 * Callers that use vector registers themselves while they call the library, as the
 * kernel's own AEADs could.
 */
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>

#include "helpers.h"

#if defined(CONFIG_ARM64)
#include <asm/neon.h>
#include <asm/simd.h>

#define REGISTERS	32
#define EACH		".arch_extension simd\n" \
			".irp i,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15," \
			"16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
#define LOAD		"ldr q\\i, [%0, #16 * \\i]\n"
#define STORE		"str q\\i, [%0, #16 * \\i]\n"

static bool usable(void)
{
	return may_use_simd();
}

static void begin(struct user_fpsimd_state *room)
{
	kernel_neon_begin(room);
}

static void end(struct user_fpsimd_state *room)
{
	kernel_neon_end(room);
}

#elif defined(CONFIG_X86_64) && !defined(CONFIG_UML)
#include <asm/fpu/api.h>

#define REGISTERS	16
#define EACH		".irp i,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"
#define LOAD		"movdqu 16 * \\i(%0), %%xmm\\i\n"
#define STORE		"movdqu %%xmm\\i, 16 * \\i(%0)\n"

/* What this architecture does not need. */
struct user_fpsimd_state {
};

static bool usable(void)
{
	return irq_fpu_usable();
}

static void begin(struct user_fpsimd_state *room)
{
	kernel_fpu_begin();
}

static void end(struct user_fpsimd_state *room)
{
	kernel_fpu_end();
}
#endif

#ifdef REGISTERS
bool lib_poly1305_kunit_in_section(bool (*func)(void *state), void *state)
{
	struct user_fpsimd_state room;
	u8 before[16 * REGISTERS], after[16 * REGISTERS];
	bool result;
	int i;

	if (!usable())
		return func(state);
	for (i = 0; i < sizeof(before); i++)
		before[i] = 0x80 ^ i ^ (i >> 4);

	begin(&room);
	asm volatile(EACH LOAD ".endr" : : "r"(before) : "memory");
	result = func(state);
	asm volatile(EACH STORE ".endr" : : "r"(after) : "memory");
	end(&room);
	return result && !memcmp(before, after, sizeof(before));
}
#else
/* User-mode Linux has no sections: every process has registers of its own. */
bool lib_poly1305_kunit_in_section(bool (*func)(void *state), void *state)
{
	return func(state);
}
#endif

/* Words of stack that are compared. */
#define BELOW	512

/* Nothing of these functions is below their own frames, as they call nothing. */
noinline void lib_poly1305_kunit_clear_below(void)
{
	u64 *frame = __builtin_frame_address(0);
	int i;

	for (i = 1; i <= BELOW; i++)
		WRITE_ONCE(frame[-i], 0);
}

noinline unsigned int lib_poly1305_kunit_run_below(u64 word)
{
	u64 *frame = __builtin_frame_address(0);
	unsigned int run = 0, longest = 0;
	int i;

	for (i = 1; i <= BELOW; i++) {
		run = READ_ONCE_NOCHECK(frame[-i]) == word ? run + 1 : 0;
		longest = max(longest, run);
	}
	return longest;
}
