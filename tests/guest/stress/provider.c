// SPDX-License-Identifier: GPL-2.0
/*
 * A provider in C, for tests: what it registers, and whether its init function
 * fails after that, is up to its parameters.
 */
#include <lib_poly1305_provider.h>
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/unaligned.h>

static char *name = "test-provider";
module_param(name, charp, 0444);
MODULE_PARM_DESC(name, "the name of the implementation");

static int priority = 1000;
module_param(priority, int, 0444);
MODULE_PARM_DESC(priority, "the priority of the implementation");

static bool fail;
module_param(fail, bool, 0444);
MODULE_PARM_DESC(fail, "whether to fail a while after registering");

/* h = (h + block) * r, as RFC 8439 section 2.5.1 has it, in base 2^64. */
static void absorb(struct lib_poly1305_state *state, const u8 *block)
{
	const u64 r0 = state->r[0], r1 = state->r[1];
	u64 h0, h1, h2, low, high;
	u128 d, e;

	d = (u128)state->h[0] + get_unaligned_le64(block);
	h0 = d;
	d = (d >> 64) + state->h[1] + get_unaligned_le64(block + 8);
	h1 = d;
	h2 = state->h[2] + 1 + (u64)(d >> 64);

	/* r1 is divisible by 4, so 2^128 r1 is 5/4 r1. */
	d = (u128)h0 * r0 + (u128)h1 * (r1 + r1 / 4);
	low = d;
	e = (u128)h0 * r1 + (u128)h1 * r0 +
	    (u128)h2 * (r1 + r1 / 4) + (u64)(d >> 64);
	high = e;
	h2 = h2 * r0 + (u64)(e >> 64);

	d = (u128)low + h2 / 4 * 5;
	state->h[0] = d;
	d = (d >> 64) + high;
	state->h[1] = d;
	state->h[2] = h2 % 4 + (u64)(d >> 64);
}

static void blocks(struct lib_poly1305_state *state,
		   struct lib_poly1305_workspace *workspace, const __u8 *data,
		   size_t nblocks)
{
	for (; nblocks; nblocks--, data += LIB_POLY1305_BLOCK_SIZE)
		absorb(state, data);
}

static struct lib_poly1305_ops ops = {
	.abi_version = LIB_POLY1305_ABI_VERSION,
	.size = sizeof(ops),
	.owner = THIS_MODULE,
	.blocks = blocks,
};

static int __init provider_init(void)
{
	int err;

	ops.name = name;
	ops.priority = priority;
	err = lib_poly1305_register(&ops);
	if (err || !fail)
		return err;

	/* Time to be pinned in. */
	usleep_range(2000, 4000);
	err = lib_poly1305_unregister(&ops);
	WARN(err, "%s cannot be unregistered: %d", name, err);
	return -EIO;
}
module_init(provider_init);

static void __exit provider_exit(void)
{
	WARN_ON(lib_poly1305_unregister(&ops));
}
module_exit(provider_exit);

MODULE_DESCRIPTION("Test provider for lib_poly1305");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("LIB_POLY1305_PROVIDER");
