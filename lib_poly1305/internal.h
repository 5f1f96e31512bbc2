/* SPDX-License-Identifier: GPL-2.0 */
/* What the C and the Rust files of the library module know of each other. */
#ifndef _LIB_POLY1305_INTERNAL_H
#define _LIB_POLY1305_INTERNAL_H

#include <lib_poly1305.h>

/* The name of the implementation that computes, as a C string. */
const char *lib_poly1305_implementation(void);

#endif /* _LIB_POLY1305_INTERNAL_H */
