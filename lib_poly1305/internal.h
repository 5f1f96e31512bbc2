/* SPDX-License-Identifier: GPL-2.0 */
/* What the C and the Rust files of the library module call in each other. */
#ifndef _LIB_POLY1305_INTERNAL_H
#define _LIB_POLY1305_INTERNAL_H

#include <lib_poly1305_provider.h>

struct seq_file;

/* In Rust: */

/* The portable implementation. */
void lib_poly1305_generic_blocks(struct lib_poly1305_state *state,
				 struct lib_poly1305_workspace *workspace,
				 const __u8 *data, size_t nblocks);

/* Selects an implementation by name, or the default by "auto". NULL is invalid. */
int lib_poly1305_select(const char *name);

/* Copies the name of the active implementation. */
void lib_poly1305_active_name(char name[LIB_POLY1305_NAME_SIZE]);

/* Copies the name at that index of the table; false if there is none. */
bool lib_poly1305_name_at(size_t place, char name[LIB_POLY1305_NAME_SIZE]);

/* Writes the table as text. May sleep. */
void lib_poly1305_list(struct seq_file *file);

/* In C, documented in the files: */

/* target.c */
void lib_poly1305_target_call(struct lib_poly1305_state *state,
			      struct lib_poly1305_workspace *workspace,
			      const __u8 *data, size_t nblocks);
void lib_poly1305_target_set(typeof(lib_poly1305_generic_blocks) *blocks);
void lib_poly1305_direct_call(typeof(lib_poly1305_generic_blocks) *blocks,
			      struct lib_poly1305_state *state,
			      struct lib_poly1305_workspace *workspace,
			      const __u8 *data, size_t nblocks);

/* debugfs.c */
void lib_poly1305_listing_create(void);
void lib_poly1305_listing_remove(void);

/* services.c */
void lib_poly1305_control_lock(void);
bool lib_poly1305_control_trylock(void);
void lib_poly1305_control_unlock(void);
unsigned long lib_poly1305_table_lock(void);
void lib_poly1305_table_unlock(unsigned long flags);
void lib_poly1305_synchronize_rcu(void);
unsigned long lib_poly1305_start_grace_period(void);
bool lib_poly1305_grace_period_over(unsigned long cookie);
bool lib_poly1305_module_holds(const struct module *module, unsigned long code);
bool lib_poly1305_module_get(struct module *module);
void lib_poly1305_module_put(struct module *module);
const char *lib_poly1305_module_name(struct module *module);
void lib_poly1305_request_module(const char *name);

#endif /* _LIB_POLY1305_INTERNAL_H */
