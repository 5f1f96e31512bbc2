/* SPDX-License-Identifier: GPL-2.0 */
/* What the C and the Rust files of the benchmark know of each other. */
#ifndef _LIB_POLY1305_BENCH_H
#define _LIB_POLY1305_BENCH_H

#include <lib_poly1305_provider.h>

/* Rust for C, in direct.rs: */

/* The portable implementation, as the library has it behind its table. */
void lib_poly1305_bench_blocks(struct lib_poly1305_state *state,
			       struct lib_poly1305_workspace *workspace,
			       const __u8 *data, size_t nblocks);

/* lib_poly1305_mac() with a direct call of that, and no table. */
void lib_poly1305_bench_direct_mac(__u8 *tag, const __u8 *key, const __u8 *data,
				   size_t len);

/* lib_poly1305_mac() in one piece. */
void lib_poly1305_bench_inlined_mac(__u8 *tag, const __u8 *key,
				    const __u8 *data, size_t len);

/* C for Rust: */

/* clock.c: cycles, when all that was to be done before is done. */
__u64 lib_poly1305_bench_cycles(void);

/*
 * threads.c: lib_poly1305_mac() as it would be if it took a reference to a
 * module for each call.
 */
void lib_poly1305_bench_counted_mac(__u8 *tag, const __u8 *key,
				    const __u8 *data, size_t len);

/* pieces.c: by lib_poly1305_init(), _update() and _final(). */
void lib_poly1305_bench_pieces_mac(__u8 *tag, const __u8 *key, const __u8 *data,
				   size_t len);

/* pieces.c: by poly1305_init(), _update() and _final() of callers/libpoly1305. */
void lib_poly1305_bench_dropin_mac(__u8 *tag, const __u8 *key, const __u8 *data,
				   size_t len);

/*
 * threads.c: messages of 64 bytes in a second, on that many CPUs together, or
 * a negative error.
 */
__s64 lib_poly1305_bench_rate(void (*mac)(__u8 *tag, const __u8 *key,
					  const __u8 *data, size_t len),
			      unsigned int cpus);

#endif /* _LIB_POLY1305_BENCH_H */
