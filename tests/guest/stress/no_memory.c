// SPDX-License-Identifier: GPL-2.0
/*
 * Makes the nth allocation fail that is made while a module is loaded, on a
 * kernel where fault injection is set up so that it can (see
 * tests/guest/allocations.c).
 */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/notifier.h>
#include <linux/sched.h>
#include <linux/string.h>

static char module[MODULE_NAME_LEN];
module_param_string(module, module, sizeof(module), 0644);
MODULE_PARM_DESC(module, "the name of the module");

static uint nth;
module_param(nth, uint, 0644);
MODULE_PARM_DESC(nth, "which allocation fails");

static uint made;
module_param(made, uint, 0444);
MODULE_PARM_DESC(made, "read only: how many there were, if none failed");

static int notified(struct notifier_block *block, unsigned long state, void *data)
{
	const struct module *loaded = data;

	if (strcmp(loaded->name, module))
		return NOTIFY_DONE;

#ifdef CONFIG_FAULT_INJECTION
	/* The same task, before and after the module's init function. */
	if (state == MODULE_STATE_COMING) {
		WRITE_ONCE(current->fail_nth, nth);
	} else if (state == MODULE_STATE_LIVE) {
		made = nth - READ_ONCE(current->fail_nth);
		WRITE_ONCE(current->fail_nth, 0);
	}
#endif
	return NOTIFY_OK;
}

static struct notifier_block notifier = {
	.notifier_call = notified,
};

static int __init no_memory_init(void)
{
	return register_module_notifier(&notifier);
}
module_init(no_memory_init);

static void __exit no_memory_exit(void)
{
	unregister_module_notifier(&notifier);
}
module_exit(no_memory_exit);

MODULE_DESCRIPTION("Failing allocations for tests of lib_poly1305");
MODULE_LICENSE("GPL");
