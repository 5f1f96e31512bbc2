// SPDX-License-Identifier: GPL-2.0
/*
 * The call target: a call instruction that is patched, where the architecture
 * can, and a pointer elsewhere. It begins as the portable implementation.
 */
#include <linux/rcupdate.h>
#include <linux/static_call.h>

#include "internal.h"

DEFINE_STATIC_CALL(lib_poly1305_target, lib_poly1305_generic_blocks);

/*
 * Calls the target. Whoever replaces it and then waits for a grace period knows
 * that no call of the former one is under way.
 */
void lib_poly1305_target_call(struct lib_poly1305_state *state,
			      struct lib_poly1305_workspace *workspace,
			      const __u8 *data, size_t nblocks)
{
	rcu_read_lock();
	static_call(lib_poly1305_target)(state, workspace, data, nblocks);
	rcu_read_unlock();
}

/* Every call that begins from now on goes there. May sleep. */
void lib_poly1305_target_set(typeof(lib_poly1305_generic_blocks) *blocks)
{
	static_call_update(lib_poly1305_target, blocks);
}

/* Calls an implementation that cannot go away meanwhile: a pinned one. */
void lib_poly1305_direct_call(typeof(lib_poly1305_generic_blocks) *blocks,
			      struct lib_poly1305_state *state,
			      struct lib_poly1305_workspace *workspace,
			      const __u8 *data, size_t nblocks)
{
	rcu_read_lock();
	blocks(state, workspace, data, nblocks);
	rcu_read_unlock();
}
