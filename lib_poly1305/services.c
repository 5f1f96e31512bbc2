// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel services that Rust cannot call: macros and inline functions; and the locks,
 * which must be initialized before any code of the module runs, because a parameter
 * can be set at load time.
 */
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include <asm/sections.h>

#include "internal.h"

/* Held while the set of implementations or the selection changes. */
static DEFINE_MUTEX(control);

void lib_poly1305_control_lock(void)
{
	mutex_lock(&control);
}

bool lib_poly1305_control_trylock(void)
{
	return mutex_trylock(&control);
}

void lib_poly1305_control_unlock(void)
{
	mutex_unlock(&control);
}

/*
 * Held for each access to the table, with interrupts disabled. Nothing is allocated,
 * freed or printed meanwhile. A raw spinlock, because it is taken in hardirq context,
 * also on PREEMPT_RT.
 */
static DEFINE_RAW_SPINLOCK(table);

unsigned long lib_poly1305_table_lock(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&table, flags);
	return flags;
}

void lib_poly1305_table_unlock(unsigned long flags)
{
	raw_spin_unlock_irqrestore(&table, flags);
}

void lib_poly1305_synchronize_rcu(void)
{
	synchronize_rcu();
}

unsigned long lib_poly1305_start_grace_period(void)
{
	return start_poll_synchronize_rcu();
}

bool lib_poly1305_grace_period_over(unsigned long cookie)
{
	return poll_state_synchronize_rcu(cookie);
}

/*
 * Whether the address is in the module's .text, which is not freed before the module:
 * not in data, nor in init text. Without a module, whether it is in the .text of the
 * kernel; that is only allowed if the library is built in as well.
 */
bool lib_poly1305_module_holds(const struct module *module, unsigned long code)
{
#ifdef CONFIG_MODULES
	if (module)
		return within_module_mem_type(code, module, MOD_TEXT);
#endif
	return !module && IS_BUILTIN(CONFIG_LIB_POLY1305) &&
	       core_kernel_text(code) && !is_kernel_inittext(code);
}

/*
 * Takes a reference, unless the module is being loaded or unloaded. try_module_get()
 * alone would also succeed while the init function runs, and if that fails, the loader
 * frees the module in spite of references.
 */
bool lib_poly1305_module_get(struct module *module)
{
#ifdef CONFIG_MODULES
	if (module && READ_ONCE(module->state) != MODULE_STATE_LIVE)
		return false;
#endif
	return try_module_get(module);
}

void lib_poly1305_module_put(struct module *module)
{
	module_put(module);
}

const char *lib_poly1305_module_name(struct module *module)
{
	return module ? module_name(module) : "built-in";
}

/* No result: a module that was loaded has registered or declined implementations. */
void lib_poly1305_request_module(const char *name)
{
	(void)request_module("%s", name);
}
