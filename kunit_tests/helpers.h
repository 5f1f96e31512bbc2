/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests need of the kernel that only C can reach. */
#ifndef _LIB_POLY1305_KUNIT_HELPERS_H
#define _LIB_POLY1305_KUNIT_HELPERS_H

#include "../lib_poly1305/internal.h"
#include "sg_helpers.h"

/*
 * Calls func(state) in task, softirq and hardirq context at the same time,
 * until there were max_iterations calls in all or a second is over. The
 * current KUnit test fails if a call returns false or a context had no call.
 */
void lib_poly1305_kunit_run_in_contexts(bool (*func)(void *state),
					int max_iterations, void *state);

/*
 * Calls func(state) from inside a section of its own that uses vector registers,
 * if there can be one here. Returns whether the call returned true and left all
 * of these registers alone.
 */
bool lib_poly1305_kunit_in_section(bool (*func)(void *state), void *state);

#define LIB_POLY1305_KUNIT_PATTERN 0x6e
#define LIB_POLY1305_KUNIT_STACK 6144

/* What a call of a function leaves. */
struct lib_poly1305_kunit_left {
	/* the stack below the call, from the deepest byte; a pattern otherwise */
	__u8 stack[LIB_POLY1305_KUNIT_STACK];
	/* general registers that need not be restored, and those for vectors */
	__u64 general[18];
	__u64 vector[64];
};

/* Calls func(state), which must not sleep, and says what it has left. */
void lib_poly1305_kunit_leaves(void (*func)(void *state), void *state,
			       struct lib_poly1305_kunit_left *left);

/*
 * Writes zeroes to 4 KiB of the stack below the caller, where what it calls next
 * will be; and says how many words in a row are this one there.
 */
void lib_poly1305_kunit_clear_below(void);
unsigned int lib_poly1305_kunit_run_below(u64 word);

/* The context a caller is in: 0 in a task, 1 in softirq, 2 in hardirq. */
unsigned int lib_poly1305_kunit_context(void);

/* The parameter seed or, if that is 0, a number that is random for each boot. */
u64 lib_poly1305_kunit_seed(void);

/* THIS_MODULE of the tests: NULL if they are built in. */
struct module *lib_poly1305_kunit_module(void);

/*
 * Starts a thread on each CPU, at most 8, that calls func(state) over and over.
 * Returns 0 or an error. There is one set of them.
 */
int lib_poly1305_kunit_start_threads(bool (*func)(void *state), void *state);

/* Ends them. Returns how many calls there were, -1 if one returned false. */
long lib_poly1305_kunit_stop_threads(void);

/* Lets time go by without sleeping. */
void lib_poly1305_kunit_delay_ms(unsigned int ms);

/* A clock, in microseconds. */
u64 lib_poly1305_kunit_us(void);

void lib_poly1305_kunit_sleep_ms(unsigned int ms);

/*
 * Between them the task is where it may do least: under a raw spinlock, with
 * interrupts off. Nothing in there may sleep.
 */
void lib_poly1305_kunit_atomic_begin(void);
void lib_poly1305_kunit_atomic_end(void);

/* Give a function that is freed after init, and one that is data. */
void lib_poly1305_kunit_init_text(struct lib_poly1305_ops *ops);
void lib_poly1305_kunit_data(struct lib_poly1305_ops *ops);

/* Whether this is inside an RCU read-side critical section, as far as a kernel knows. */
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

/* Ends that. Returns whether an allocation failed. */
bool lib_poly1305_kunit_did_fail(void);

/* Marks the current test as skipped. */
void lib_poly1305_kunit_skip(void);

#endif /* _LIB_POLY1305_KUNIT_HELPERS_H */
