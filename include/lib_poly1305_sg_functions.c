// SPDX-License-Identifier: GPL-2.0
/*
 * Linked into each Rust module that uses lib_poly1305_sg.rs. The functions are
 * weak, as several such modules may be built into one kernel.
 */
#include <lib_poly1305_sg.h>

#include "lib_poly1305_sg_functions.h"

__weak int lib_poly1305_sg_update(struct lib_poly1305_ctx *ctx,
				  struct scatterlist *sg, size_t offset,
				  size_t len)
{
	return lib_poly1305_update_sg(ctx, sg, offset, len);
}

__weak int lib_poly1305_sg_update_iter(struct lib_poly1305_ctx *ctx,
				       struct iov_iter *iter, size_t len)
{
	return lib_poly1305_update_iter(ctx, iter, len);
}
