// SPDX-License-Identifier: GPL-2.0
/*
 * Exports the interface. The functions are Rust; exported from here, from the
 * prototypes that callers see, they get the right symbol versions.
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

/* Tests select as root does, and look at what there is. */
EXPORT_SYMBOL_IF_KUNIT(lib_poly1305_select);
EXPORT_SYMBOL_IF_KUNIT(lib_poly1305_active_name);
EXPORT_SYMBOL_IF_KUNIT(lib_poly1305_name_at);

/*
 * The module for the architecture is loaded after this one, whose symbols it
 * needs. Not found or refused, it is done without. Tools that make an initramfs
 * take it along.
 */
#ifdef CONFIG_X86_64
MODULE_SOFTDEP("post: lib_poly1305_x86");
MODULE_WEAKDEP("lib_poly1305_x86");
#elif defined(CONFIG_ARM64)
MODULE_SOFTDEP("post: lib_poly1305_arm64");
MODULE_WEAKDEP("lib_poly1305_arm64");
#endif
