// SPDX-License-Identifier: GPL-2.0
/*
 * Reads registers and the stack, to find out whether vector registers were used, and
 * what was left behind. The kernel is compiled not to use vector registers, and
 * kernel_fpu_begin() and kernel_neon_begin() do not change their content.
 */
#include <linux/bottom_half.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/string.h>

#include "helpers.h"

#if defined(CONFIG_X86_64)
#include <asm/fpu/api.h>

/* The low halves, as AVX instructions write whole registers. */
struct registers {
	u64 words[16][2];
};

/* Functions of their own, as scripts look for such instructions everywhere else. */
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

/*
 * Stores the general registers that the function that was called before need not
 * preserve. The pointer is in a register that it preserves.
 */
static __always_inline void get_general(u64 *to)
{
#if defined(CONFIG_X86_64)
	asm volatile("movq %%rax, (%0)\n"
		     "movq %%rcx, 8(%0)\n"
		     "movq %%rdx, 16(%0)\n"
		     "movq %%rsi, 24(%0)\n"
		     "movq %%rdi, 32(%0)\n"
		     "movq %%r8, 40(%0)\n"
		     "movq %%r9, 48(%0)\n"
		     "movq %%r10, 56(%0)\n"
		     "movq %%r11, 64(%0)"
		     : : "b"(to) : "memory");
#elif defined(CONFIG_ARM64)
	register u64 *place asm("x19") = to;

	asm volatile("stp x0, x1, [%0]\n"
		     "stp x2, x3, [%0, #16]\n"
		     "stp x4, x5, [%0, #32]\n"
		     "stp x6, x7, [%0, #48]\n"
		     "stp x8, x9, [%0, #64]\n"
		     "stp x10, x11, [%0, #80]\n"
		     "stp x12, x13, [%0, #96]\n"
		     "stp x14, x15, [%0, #112]\n"
		     "stp x16, x17, [%0, #128]"
		     : : "r"(place) : "memory");
#endif
}

/* The frame of this function is above what it looks at. */
noinline __no_sanitize_address
void lib_poly1305_kunit_leaves(void (*func)(void *state), void *state,
			       struct lib_poly1305_kunit_left *left)
{
	struct registers registers;
	u8 *stack;
	size_t i;

	BUILD_BUG_ON(sizeof(registers) > sizeof(left->vector));
	memset(&registers, LIB_POLY1305_KUNIT_PATTERN, sizeof(registers));
	local_bh_disable();
	preempt_disable();
	put(&registers);
	/*
	 * An interrupt would leave registers there. Flags that were saved would
	 * be in one that func saves: they tell what the scheduler wants.
	 */
	local_irq_disable();
#ifdef CONFIG_ARM64
	asm volatile("mov %0, sp" : "=r" (stack));
#else
	asm volatile("mov %%rsp, %0" : "=r" (stack));
#endif
	for (i = 1; i <= sizeof(left->stack); i++)
		WRITE_ONCE(*(stack - i), LIB_POLY1305_KUNIT_PATTERN);
	func(state);
	get_general(left->general);
	for (i = 1; i <= sizeof(left->stack); i++)
		left->stack[sizeof(left->stack) - i] = READ_ONCE(*(stack - i));
	local_irq_enable();
	get(&registers);
	preempt_enable();
	local_bh_enable();
	memcpy(left->vector, &registers, sizeof(registers));
}
