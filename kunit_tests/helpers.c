// SPDX-License-Identifier: GPL-2.0
#include <kunit/run-in-irq-context.h>
#include <kunit/test-bug.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/vmalloc.h>

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

const void *lib_poly1305_kunit_map_zeroes(size_t len)
{
	const size_t count = len / PAGE_SIZE;
	struct page **pages;
	void *zeroes;
	size_t i;

	pages = kvmalloc_array(count, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return NULL;
	for (i = 0; i < count; i++)
		pages[i] = ZERO_PAGE(0);
	zeroes = vmap(pages, count, VM_MAP, PAGE_KERNEL_RO);
	kvfree(pages);
	return zeroes;
}

void lib_poly1305_kunit_unmap(const void *zeroes)
{
	vunmap(zeroes);
}
