// SPDX-License-Identifier: GPL-2.0
#include <asm/cpufeature.h>
#include <asm/fpu/api.h>
#include <linux/module.h>

#include "cpu.h"

bool lib_poly1305_x86_has_bmi2(void)
{
	return boot_cpu_has(X86_FEATURE_BMI2);
}

/*
 * User-mode Linux runs on a kernel that has looked after this, has no CPU
 * devices that could ask for modules, and is not in the way of registers.
 */
#ifdef CONFIG_UML
static bool saves(u64 registers)
{
	return true;
}

#define XFEATURE_MASK_SSE	0
#define XFEATURE_MASK_YMM	0
#define XFEATURE_MASK_AVX512	0
#else
#include <asm/cpu_device_id.h>

/* Loaded by udev on CPUs that one of the implementations can run on. */
static const struct x86_cpu_id __maybe_unused cpus[] = {
	X86_MATCH_FEATURE(X86_FEATURE_BMI2, NULL),
	{}
};
MODULE_DEVICE_TABLE(x86cpu, cpus);

static bool saves(u64 registers)
{
	return cpu_has_xfeatures(registers, NULL);
}
#endif

bool lib_poly1305_x86_has_avx2(void)
{
	return boot_cpu_has(X86_FEATURE_AVX) &&
	       boot_cpu_has(X86_FEATURE_AVX2) &&
	       saves(XFEATURE_MASK_SSE | XFEATURE_MASK_YMM);
}

bool lib_poly1305_x86_has_avx_ifma(void)
{
	return boot_cpu_has(X86_FEATURE_AVX_IFMA);
}

bool lib_poly1305_x86_has_avx512vl(void)
{
	return boot_cpu_has(X86_FEATURE_AVX512VL) &&
	       saves(XFEATURE_MASK_SSE | XFEATURE_MASK_YMM |
		     XFEATURE_MASK_AVX512);
}

bool lib_poly1305_x86_has_avx512ifma(void)
{
	return boot_cpu_has(X86_FEATURE_AVX512IFMA);
}

bool lib_poly1305_x86_fpu_begin(void)
{
	if (!irq_fpu_usable())
		return false;
	kernel_fpu_begin();
	return true;
}

void lib_poly1305_x86_fpu_end(void)
{
	kernel_fpu_end();
}
