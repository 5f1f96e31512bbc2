// SPDX-License-Identifier: GPL-2.0
#include <linux/cpufeature.h>
#include <linux/module.h>

/* Loaded by udev on CPUs that one of the implementations can run on. */
static const struct cpu_feature __maybe_unused features[] = {
	{ cpu_feature(ASIMD) },
	{}
};
MODULE_DEVICE_TABLE(cpu, features);
