// SPDX-License-Identifier: GPL-2.0
/*
 * Looks at vector registers, to see whether somebody used them. What the kernel
 * was compiled to does not, and kernel_fpu_begin() and kernel_neon_begin() leave
 * in them what they find.
 */
#include <linux/bottom_half.h>
#include <linux/preempt.h>
#include <linux/string.h>

#include "helpers.h"

#if defined(CONFIG_X86_64)
#include <asm/fpu/api.h>

/* The low halves: an instruction of AVX writes whole registers. */
struct registers {
	u64 words[16][2];
};

/* These two are alone: scripts look for such instructions everywhere else. */
static noinline void put_registers(const struct registers *from)
{
	asm volatile(".irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
		     "movdqu 16*\\i(%0), %%xmm\\i\n"
		     ".endr"
		     : : "r"(from), "m"(*from));
}

static noinline void get_registers(struct registers *to)
{
	asm volatile(".irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
		     "movdqu %%xmm\\i, 16*\\i(%1)\n"
		     ".endr"
		     : "=m"(*to) : "r"(to));
}

static void put(const struct registers *from)
{
	kernel_fpu_begin();
	put_registers(from);
	kernel_fpu_end();
}

static void get(struct registers *to)
{
	kernel_fpu_begin();
	get_registers(to);
	kernel_fpu_end();
}
#elif defined(CONFIG_ARM64)
#include <asm/simd.h>

struct registers {
	u64 words[32][2];
};

/* As above. */
static noinline void put_registers(const struct registers *from)
{
	asm volatile(".arch_extension simd\n"
		     ".irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
		     "ldr q\\i, [%0, #16*\\i]\n"
		     ".endr\n"
		     ".irp i, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n"
		     "ldr q\\i, [%0, #16*\\i]\n"
		     ".endr"
		     : : "r"(from), "m"(*from));
}

static noinline void get_registers(struct registers *to)
{
	asm volatile(".arch_extension simd\n"
		     ".irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
		     "str q\\i, [%1, #16*\\i]\n"
		     ".endr\n"
		     ".irp i, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n"
		     "str q\\i, [%1, #16*\\i]\n"
		     ".endr"
		     : "=m"(*to) : "r"(to));
}

static void put(const struct registers *from)
{
	scoped_ksimd()
		put_registers(from);
}

static void get(struct registers *to)
{
	scoped_ksimd()
		get_registers(to);
}
#else
struct registers {
	u64 words[1][2];
};

static void put(const struct registers *from)
{
}

static void get(struct registers *to)
{
	memset(to, 0x5a, sizeof(*to));
}
#endif

bool lib_poly1305_kunit_uses_registers(void (*func)(void *state), void *state)
{
	struct registers before, after;

	memset(&before, 0x5a, sizeof(before));
	/* Nobody else has this CPU, but for interrupts, which use none. */
	local_bh_disable();
	preempt_disable();
	put(&before);
	func(state);
	get(&after);
	preempt_enable();
	local_bh_enable();
	return memcmp(&before, &after, sizeof(before)) != 0;
}
