// SPDX-License-Identifier: GPL-2.0
/*
 * Exports the interface. The functions are in Rust; they are exported from C, where
 * the prototypes that callers see give them the right symbol versions.
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/module.h>

#include "internal.h"

EXPORT_SYMBOL_NS_GPL(lib_poly1305_init, "LIB_POLY1305");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_update, "LIB_POLY1305");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_final, "LIB_POLY1305");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_mac, "LIB_POLY1305");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_verify, "LIB_POLY1305");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_get, "LIB_POLY1305");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_get_nosleep, "LIB_POLY1305");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_put, "LIB_POLY1305");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_pin_name, "LIB_POLY1305");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_pin_update, "LIB_POLY1305");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_pin_mac, "LIB_POLY1305");

EXPORT_SYMBOL_NS_GPL(lib_poly1305_register, "LIB_POLY1305_PROVIDER");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_unregister, "LIB_POLY1305_PROVIDER");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_try_unregister, "LIB_POLY1305_PROVIDER");
EXPORT_SYMBOL_NS_GPL(lib_poly1305_decline, "LIB_POLY1305_PROVIDER");

/* For tests, which select implementations and read the table. */
EXPORT_SYMBOL_IF_KUNIT(lib_poly1305_select);
EXPORT_SYMBOL_IF_KUNIT(lib_poly1305_active_name);
EXPORT_SYMBOL_IF_KUNIT(lib_poly1305_name_at);

/*
 * modprobe loads the module for the architecture after this one, whose symbols it
 * needs, and succeeds also if it cannot be loaded. The weak dependency makes tools
 * include it in an initramfs.
 */
#ifdef CONFIG_X86_64
MODULE_SOFTDEP("post: lib_poly1305_x86");
MODULE_WEAKDEP("lib_poly1305_x86");
#elif defined(CONFIG_ARM64)
MODULE_SOFTDEP("post: lib_poly1305_arm64");
MODULE_WEAKDEP("lib_poly1305_arm64");
#endif
