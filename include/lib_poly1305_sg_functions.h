/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The inline functions of lib_poly1305_sg.h as functions that Rust can call. A
 * module that uses lib_poly1305_sg.rs links lib_poly1305_sg_functions.o, for
 * which scripts/Kbuild.bindings has the rule.
 *
 * This header only declares the kernel's types, as bindgen reads it and would
 * generate all that it includes.
 */
#ifndef _LIB_POLY1305_SG_FUNCTIONS_H
#define _LIB_POLY1305_SG_FUNCTIONS_H

#include <lib_poly1305.h>

struct iov_iter;
struct scatterlist;

/* lib_poly1305_update_sg() */
int lib_poly1305_sg_update(struct lib_poly1305_ctx *ctx, struct scatterlist *sg,
			   size_t offset, size_t len);

/* lib_poly1305_update_iter() */
int lib_poly1305_sg_update_iter(struct lib_poly1305_ctx *ctx,
				struct iov_iter *iter, size_t len);

#endif /* _LIB_POLY1305_SG_FUNCTIONS_H */
