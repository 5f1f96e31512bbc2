/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The inline functions of lib_poly1305_sg.h as functions that Rust can call: a
 * module that takes in lib_poly1305_sg.rs links
 * lib_poly1305_sg_functions.o, which scripts/Kbuild.bindings makes.
 *
 * bindgen reads this header, which is why it knows no more of the kernel's types
 * than their names.
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
