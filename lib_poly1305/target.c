// SPDX-License-Identifier: GPL-2.0
/*
 * The call target: on architectures with static calls a direct call that is patched,
 * elsewhere a function pointer. It starts as the portable implementation.
 */
#include <linux/rcupdate.h>
#include <linux/static_call.h>

#include "internal.h"

DEFINE_STATIC_CALL(lib_poly1305_target, lib_poly1305_generic_blocks);

/*
 * Calls the target, in an RCU read-side critical section: a grace period after it was
 * replaced, no call of the former target is running.
 */
void lib_poly1305_target_call(struct lib_poly1305_state *state,
			      struct lib_poly1305_workspace *workspace,
			      const __u8 *data, size_t nblocks)
{
	rcu_read_lock();
	static_call(lib_poly1305_target)(state, workspace, data, nblocks);
	rcu_read_unlock();
}

/* Makes it the target of all calls that begin from now on. May sleep. */
void lib_poly1305_target_set(typeof(lib_poly1305_generic_blocks) *blocks)
{
	static_call_update(lib_poly1305_target, blocks);
}

/* Calls an implementation that is not freed during the call, such as a pinned one. */
void lib_poly1305_direct_call(typeof(lib_poly1305_generic_blocks) *blocks,
			      struct lib_poly1305_state *state,
			      struct lib_poly1305_workspace *workspace,
			      const __u8 *data, size_t nblocks)
{
	rcu_read_lock();
	blocks(state, workspace, data, nblocks);
	rcu_read_unlock();
}
