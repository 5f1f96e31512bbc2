// SPDX-License-Identifier: GPL-2.0
#include <kunit/run-in-irq-context.h>
#include <kunit/test-bug.h>
#include <linux/preempt.h>

#include "helpers.h"

void lib_poly1305_kunit_run_in_contexts(bool (*func)(void *state),
					int max_iterations, void *state)
{
	kunit_run_irq_test(kunit_get_current_test(), func, max_iterations,
			   state);
}

unsigned int lib_poly1305_kunit_context(void)
{
	return in_hardirq() ? 2 : in_serving_softirq() ? 1 : 0;
}
