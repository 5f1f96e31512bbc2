// SPDX-License-Identifier: GPL-2.0
/*
 * A message in the steps that a message in pieces takes: by the library, and by
 * what is in place of the kernel's libpoly1305.
 */
#include "bench.h"
#include "dropin.h"

void lib_poly1305_bench_pieces_mac(__u8 *tag, const __u8 *key, const __u8 *data,
				   size_t len)
{
	struct lib_poly1305_ctx ctx;

	lib_poly1305_init(&ctx, key);
	lib_poly1305_update(&ctx, data, len);
	lib_poly1305_final(&ctx, tag);
}

void lib_poly1305_bench_dropin_mac(__u8 *tag, const __u8 *key, const __u8 *data,
				   size_t len)
{
	struct poly1305_desc_ctx desc;

	poly1305_init(&desc, key);
	poly1305_update(&desc, data, len);
	poly1305_final(&desc, tag);
}
