// SPDX-License-Identifier: GPL-2.0
/*
 * Exports the interface. The functions are Rust; exported from here, from the
 * prototypes that callers see, they get the right symbol versions.
 */
#include <lib_poly1305.h>
#include <linux/export.h>

EXPORT_SYMBOL_NS_GPL(lib_poly1305_init, "LIB_POLY1305");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_update, "LIB_POLY1305");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_final, "LIB_POLY1305");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_mac, "LIB_POLY1305");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_verify, "LIB_POLY1305");
