// SPDX-License-Identifier: GPL-2.0
#include <asm/cputype.h>
#include <asm/neon.h>
#include <asm/simd.h>
#include <linux/cpufeature.h>
#include <linux/module.h>

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

bool lib_poly1305_arm64_neon_begin(struct lib_poly1305_arm64_room *room)
{
	if (!may_use_simd())
		return false;
	kernel_neon_begin(&room->registers);
	return true;
}

void lib_poly1305_arm64_neon_end(struct lib_poly1305_arm64_room *room)
{
	kernel_neon_end(&room->registers);
}
