// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel services that Rust cannot reach: macros, inline functions, and locks
 * that exist before any code of the module has run, as they must when a
 * parameter is set at load.
 */
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include <asm/sections.h>

#include "internal.h"

/* Held while the set of implementations, or the choice, changes. */
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
 * Held for each look at the table, and for the moment in which it changes: with
 * interrupts off, nothing allocated, freed or printed. So it may be taken in
 * hard interrupts, also where other spinlocks sleep (PREEMPT_RT).
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
 * Whether that is code of the module which stays until the module goes: not
 * data, nor what is freed after init. Without a module, whether it is such code
 * of the kernel, which does not need modules: then this is none either.
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
 * Takes a reference, unless the module is on its way in or out.
 * try_module_get() alone would also hold a module whose init function runs,
 * and the loader frees it, held or not, if that fails.
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

/* Whether the module came shows in what it registers, or declines. */
void lib_poly1305_request_module(const char *name)
{
	(void)request_module("%s", name);
}
