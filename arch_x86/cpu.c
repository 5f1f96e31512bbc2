// SPDX-License-Identifier: GPL-2.0
#include <asm/cpufeature.h>
#include <linux/module.h>

#include "cpu.h"

bool lib_poly1305_x86_has_bmi2(void)
{
	return boot_cpu_has(X86_FEATURE_BMI2);
}

/* User-mode Linux has no CPU devices that could ask for modules. */
#ifndef CONFIG_UML
#include <asm/cpu_device_id.h>

/* Loaded by udev on CPUs that one of the implementations can run on. */
static const struct x86_cpu_id __maybe_unused cpus[] = {
	X86_MATCH_FEATURE(X86_FEATURE_BMI2, NULL),
	{}
};
MODULE_DEVICE_TABLE(x86cpu, cpus);
#endif
