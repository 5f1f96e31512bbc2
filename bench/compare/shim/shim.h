/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel's poly1305.c wants of the kernel, for user space.
 * bench/compare/run.sh and bench/instructions/run.sh include this ahead of it, and make the
 * headers that it names as empty files.
 *
 * The static keys are constants, set by -DKEY_poly1305_use_avx=1 and the like:
 * in a running kernel they are patched, and cost as little.
 */
#ifndef LIB_POLY1305_BENCH_SHIM_H
#define LIB_POLY1305_BENCH_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

#define CONFIG_CRYPTO_LIB_POLY1305_ARCH	1
/* As lib/crypto/Kconfig has it for ARM64 and X86_64. */
#ifdef __aarch64__
#define CONFIG_CRYPTO_LIB_POLY1305_RSIZE	9
#else
#define CONFIG_CRYPTO_LIB_POLY1305_RSIZE	11
#endif

#define asmlinkage
#define __init
#define __exit
#define __ro_after_init
#define at_least	static

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

#define min(a, b) ({			\
	__typeof__(a) _a = (a);		\
	__typeof__(b) _b = (b);		\
					\
	_a < _b ? _a : _b;		\
})
/* For powers of two. */
#define round_down(x, y)	((x) & ~((y) - 1))
#define SZ_4K			4096U

#define container_of(ptr, type, member)	((type *)((char *)(ptr) - offsetof(type, member)))
#define BUILD_BUG_ON(wrong)		((void)sizeof(char[1 - 2 * !!(wrong)]))

static inline u32 get_unaligned_le32(const void *p)
{
	u32 word;

	memcpy(&word, p, sizeof(word));
	return word;
}

static inline void memzero_explicit(void *p, size_t len)
{
	memset(p, 0, len);
	asm volatile("" : : "r" (p) : "memory");
}

struct static_key {
	bool enabled;
};

#define DEFINE_STATIC_KEY_FALSE(name)	const struct static_key name = { KEY_##name }
#define static_branch_likely(key)	likely((key)->enabled)
#define static_branch_enable(key)	((void)(key))

/* User space may use vector registers at any time. */
#define irq_fpu_usable()	true
#define kernel_fpu_begin()	((void)0)
#define kernel_fpu_end()	((void)0)
#define may_use_simd()		true
#define scoped_ksimd()

/* Who opens the shared object knows the CPU: what is asked here is never true. */
struct cpu {
	u32 x86_vfm;
};

static const struct cpu boot_cpu_data;

#define INTEL_SKYLAKE_X			1
#define boot_cpu_has(feature)		(sizeof(#feature) == 0)
#define cpu_have_named_feature(name)	(sizeof(#name) == 0)
#define cpu_has_xfeatures(mask, name)	(sizeof(#mask #name) == 0)

#define subsys_initcall(function)
#define module_exit(function)
#define EXPORT_SYMBOL(name)
#define MODULE_LICENSE(text)
#define MODULE_DESCRIPTION(text)

#endif /* LIB_POLY1305_BENCH_SHIM_H */
