// SPDX-License-Identifier: GPL-2.0
/*
 * What a shared object of the kernel's code has next to the kernel's own init,
 * update and final: a whole message, and what a context needs.
 *
 * This is compiled apart from the kernel's files, as callers are in a kernel.
 */
#include <crypto/poly1305.h>

/* Tells how many bytes a context has, so that callers can bring them. */
size_t kernel_context_size(void)
{
	return sizeof(struct poly1305_desc_ctx);
}

/* The tag of a whole message, as callers in the kernel compute it. */
void kernel_mac(u8 tag[POLY1305_DIGEST_SIZE], const u8 key[POLY1305_KEY_SIZE],
		const u8 *data, size_t len)
{
	struct poly1305_desc_ctx context;

	poly1305_init(&context, key);
	poly1305_update(&context, data, len);
	poly1305_final(&context, tag);
}
