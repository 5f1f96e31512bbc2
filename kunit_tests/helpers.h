/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel functions for the tests that Rust cannot call. */
#ifndef _LIB_POLY1305_KUNIT_HELPERS_H
#define _LIB_POLY1305_KUNIT_HELPERS_H

#include "../lib_poly1305/internal.h"
#include "sg_helpers.h"

/*
 * Calls func(state) in task, softirq and hardirq context at the same time, until
 * there were max_iterations calls in total or a second has passed. The current
 * KUnit test fails if a call returns false or a context had no call.
 */
void lib_poly1305_kunit_run_in_contexts(bool (*func)(void *state),
					int max_iterations, void *state);

/*
 * Calls func(state) inside a section with vector registers, if one is possible
 * here. Returns whether the call returned true and preserved all of these
 * registers.
 */
bool lib_poly1305_kunit_in_section(bool (*func)(void *state), void *state);

#define LIB_POLY1305_KUNIT_PATTERN 0x6e
#define LIB_POLY1305_KUNIT_STACK 6144

/* What a call of a function has left. */
struct lib_poly1305_kunit_left {
	/* the stack below the call, from the deepest byte; a pattern otherwise */
	__u8 stack[LIB_POLY1305_KUNIT_STACK];
	/* general registers that need not be restored, and those for vectors */
	__u64 general[18];
	__u64 vector[64];
};

/* Calls func(state), which must not sleep, and stores what it has left. */
void lib_poly1305_kunit_leaves(void (*func)(void *state), void *state,
			       struct lib_poly1305_kunit_left *left);

/*
 * Write zeroes to 4 KiB of the stack below the caller, where the frames of its next
 * call will be; and return the largest number of consecutive words there that have
 * this value.
 */
void lib_poly1305_kunit_clear_below(void);
unsigned int lib_poly1305_kunit_run_below(u64 word);

/* The context of the caller: 0 in a task, 1 in softirq, 2 in hardirq. */
unsigned int lib_poly1305_kunit_context(void);

/* The parameter seed or, if that is 0, a number that is random for each boot. */
u64 lib_poly1305_kunit_seed(void);

/* THIS_MODULE of the tests: NULL if they are built in. */
struct module *lib_poly1305_kunit_module(void);

/*
 * Starts a thread on each CPU, at most 8, that calls func(state) in a loop. Returns
 * 0 or an error. There can be only one set of threads.
 */
int lib_poly1305_kunit_start_threads(bool (*func)(void *state), void *state);

/* Stops them. Returns the number of calls, or -1 if one returned false. */
long lib_poly1305_kunit_stop_threads(void);

/* Waits without sleeping. */
void lib_poly1305_kunit_delay_ms(unsigned int ms);

/* A clock, in microseconds. */
u64 lib_poly1305_kunit_us(void);

void lib_poly1305_kunit_sleep_ms(unsigned int ms);

/*
 * Between them the task holds a raw spinlock with interrupts disabled, so nothing
 * may sleep.
 */
void lib_poly1305_kunit_atomic_begin(void);
void lib_poly1305_kunit_atomic_end(void);

/* Return a function that is freed after init, and one that is in data. */
void lib_poly1305_kunit_init_text(struct lib_poly1305_ops *ops);
void lib_poly1305_kunit_data(struct lib_poly1305_ops *ops);

/* Whether this is in an RCU read-side critical section, if the kernel can tell. */
bool lib_poly1305_kunit_rcu_reads(void);

/*
 * Calls func(state), which must not sleep. Returns whether that used vector
 * registers.
 */
bool lib_poly1305_kunit_uses_registers(void (*func)(void *state), void *state);

/*
 * Makes the nth allocation of this task from now on fail, on a kernel where
 * fault injection is set up so that it can (see tests/guest/kunit.sh).
 */
void lib_poly1305_kunit_fail_nth(unsigned int n);

/* Ends that. Returns whether an allocation has failed. */
bool lib_poly1305_kunit_did_fail(void);

/* Marks the current test as skipped. */
void lib_poly1305_kunit_skip(void);

#endif /* _LIB_POLY1305_KUNIT_HELPERS_H */
