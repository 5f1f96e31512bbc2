// SPDX-License-Identifier: GPL-2.0
#include <asm/cputype.h>
#include <asm/neon.h>
#include <asm/simd.h>
#include <linux/cpufeature.h>
#include <linux/module.h>
#include <linux/string.h>

#include "cpu.h"

/* Loaded by udev on CPUs that one of the implementations can run on. */
static const struct cpu_feature __maybe_unused features[] = {
	{ cpu_feature(ASIMD) },
	{}
};
MODULE_DEVICE_TABLE(cpu, features);

/*
 * Where code of the same kind was measured to be slower with NEON, in cycles
 * per byte: X-Gene 2.27 and not 2.13, ThunderX2 (first sold as Vulcan) 1.36 and
 * not 1.17. Source: the table at the top of the kernel's
 * lib/crypto/arm64/poly1305-armv8.pl.
 */
static const struct midr_range prefer_scalar[] = {
	MIDR_ALL_VERSIONS(MIDR_CPU_MODEL(ARM_CPU_IMP_APM, APM_CPU_PART_XGENE)),
	MIDR_ALL_VERSIONS(MIDR_CAVIUM_THUNDERX2),
	MIDR_ALL_VERSIONS(MIDR_BRCM_VULCAN),
	{}
};

bool lib_poly1305_arm64_has_neon(void)
{
	return IS_ENABLED(CONFIG_KERNEL_MODE_NEON) &&
	       cpu_have_named_feature(ASIMD);
}

bool lib_poly1305_arm64_prefers_scalar(void)
{
	return is_midr_in_range_list(prefer_scalar);
}

static void keep(struct user_fpsimd_state *registers)
{
	asm volatile(".arch_extension simd\n"
		     "st1 {v0.2d-v3.2d}, [%0], #64\n"
		     "st1 {v4.2d-v7.2d}, [%0], #64\n"
		     "st1 {v8.2d-v11.2d}, [%0], #64\n"
		     "st1 {v12.2d-v15.2d}, [%0], #64\n"
		     "st1 {v16.2d-v19.2d}, [%0], #64\n"
		     "st1 {v20.2d-v23.2d}, [%0], #64\n"
		     "st1 {v24.2d-v27.2d}, [%0], #64\n"
		     "st1 {v28.2d-v31.2d}, [%0], #64\n"
		     : "+r"(registers) : : "memory");
}

static void give_back(const struct user_fpsimd_state *registers)
{
	asm volatile(".arch_extension simd\n"
		     "ld1 {v0.2d-v3.2d}, [%0], #64\n"
		     "ld1 {v4.2d-v7.2d}, [%0], #64\n"
		     "ld1 {v8.2d-v11.2d}, [%0], #64\n"
		     "ld1 {v12.2d-v15.2d}, [%0], #64\n"
		     "ld1 {v16.2d-v19.2d}, [%0], #64\n"
		     "ld1 {v20.2d-v23.2d}, [%0], #64\n"
		     "ld1 {v24.2d-v27.2d}, [%0], #64\n"
		     "ld1 {v28.2d-v31.2d}, [%0], #64\n"
		     : "+r"(registers) : : "memory");
}

/* What the status register never is: most of its bits are reserved, and zero. */
#define NOTHING_KEPT	U32_MAX

bool lib_poly1305_arm64_neon_begin(struct lib_poly1305_arm64_room *room)
{
	/* Whether the kernel marks the current task as using registers. */
	bool marked = IS_ENABLED(CONFIG_PREEMPT_RT) || !in_serving_softirq();
	bool taken = test_thread_flag(TIF_KERNEL_FPSTATE);

	if (!may_use_simd())
		return false;
	/* The caller's own section: kernel_neon_begin() would be a BUG(). */
	if (marked && taken)
		return false;
	room->registers.fpsr = NOTHING_KEPT;
	kernel_neon_begin(&room->registers);
	/*
	 * A softirq's section is marked nowhere, so this may be inside one. The
	 * kernel keeps registers that a task was using, and no others.
	 */
	room->kept = !marked && !taken;
	if (room->kept)
		keep(&room->registers);
	return true;
}

void lib_poly1305_arm64_neon_end(struct lib_poly1305_arm64_room *room)
{
	if (room->kept)
		give_back(&room->registers);
	kernel_neon_end(&room->registers);
	/* Of a caller, or of this section while it was interrupted. */
	if (room->kept || room->registers.fpsr != NOTHING_KEPT)
		memzero_explicit(&room->registers, sizeof(room->registers));
}
