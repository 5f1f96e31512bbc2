// SPDX-License-Identifier: GPL-2.0
/* The module parameter. The Rust module macro has none with functions of its own. */
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "internal.h"

static int implementation_set(const char *val, const struct kernel_param *kp)
{
	/* One more byte for the newline of echo. */
	char name[LIB_POLY1305_NAME_SIZE + 1];

	if (strscpy(name, val, sizeof(name)) < 0)
		return lib_poly1305_select(NULL);
	return lib_poly1305_select(strim(name));
}

static int implementation_get(char *buffer, const struct kernel_param *kp)
{
	char name[LIB_POLY1305_NAME_SIZE];

	lib_poly1305_active_name(name);
	return sysfs_emit(buffer, "%s\n", name);
}

static const struct kernel_param_ops implementation_ops = {
	.set = implementation_set,
	.get = implementation_get,
};

module_param_cb(implementation, &implementation_ops, NULL, 0644);
MODULE_PARM_DESC(implementation,
		 "the implementation to use: auto (the one of the highest priority), generic, or another name; reads as the active one");
