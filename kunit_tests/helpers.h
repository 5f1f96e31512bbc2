/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests need of the kernel that only C can reach. */
#ifndef _LIB_POLY1305_KUNIT_HELPERS_H
#define _LIB_POLY1305_KUNIT_HELPERS_H

#include <lib_poly1305.h>

/*
 * Calls func(state) in task, softirq and hardirq context at the same time,
 * until there were max_iterations calls in all or a second is over. The
 * current KUnit test fails if a call returns false or a context had no call.
 */
void lib_poly1305_kunit_run_in_contexts(bool (*func)(void *state),
					int max_iterations, void *state);

/* The context a caller is in: 0 in a task, 1 in softirq, 2 in hardirq. */
unsigned int lib_poly1305_kunit_context(void);

#endif /* _LIB_POLY1305_KUNIT_HELPERS_H */
