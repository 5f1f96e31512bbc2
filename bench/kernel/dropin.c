// SPDX-License-Identifier: GPL-2.0
/* callers/libpoly1305 as a part of the benchmark, exported to nobody. */
#include "dropin.h"

#include <linux/export.h>
#undef EXPORT_SYMBOL
#define EXPORT_SYMBOL(symbol)

#include "../../callers/libpoly1305/libpoly1305.c"
