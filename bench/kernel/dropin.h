/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The functions of callers/libpoly1305 under names of the benchmark's own, as the
 * kernel may have others of those names.
 */
#ifndef _LIB_POLY1305_BENCH_DROPIN_H
#define _LIB_POLY1305_BENCH_DROPIN_H

#define poly1305_init		lib_poly1305_bench_dropin_init
#define poly1305_update		lib_poly1305_bench_dropin_update
#define poly1305_final		lib_poly1305_bench_dropin_final
#define poly1305_core_setkey	lib_poly1305_bench_dropin_core_setkey
#define poly1305_core_blocks	lib_poly1305_bench_dropin_core_blocks
#define poly1305_core_emit	lib_poly1305_bench_dropin_core_emit

#include <crypto/internal/poly1305.h>

#endif /* _LIB_POLY1305_BENCH_DROPIN_H */
