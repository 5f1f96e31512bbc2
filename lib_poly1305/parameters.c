// SPDX-License-Identifier: GPL-2.0
/* Module parameters of kinds that the Rust module macro does not have. */
#include <linux/errno.h>
#include <linux/moduleparam.h>
#include <linux/sysfs.h>

#include "internal.h"

static int implementation_set(const char *val, const struct kernel_param *kp)
{
	return -EPERM;
}

static int implementation_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", lib_poly1305_implementation());
}

static const struct kernel_param_ops implementation_ops = {
	.set = implementation_set,
	.get = implementation_get,
};

module_param_cb(implementation, &implementation_ops, NULL, 0444);
MODULE_PARM_DESC(implementation, "the implementation that computes (read only)");
