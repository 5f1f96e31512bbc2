// SPDX-License-Identifier: GPL-2.0
#include <linux/timex.h>

#include "bench.h"

u64 lib_poly1305_bench_cycles(void)
{
#ifdef CONFIG_X86_64
	u32 low, high;

	/* User-mode Linux has neither rdtsc_ordered() nor get_cycles(). */
	asm volatile("lfence; rdtsc; lfence" : "=a" (low), "=d" (high) :: "memory");
	return ((u64)high << 32) | low;
#else
	return get_cycles();
#endif
}
