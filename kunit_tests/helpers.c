// SPDX-License-Identifier: GPL-2.0
#include <kunit/run-in-irq-context.h>
#include <kunit/test-bug.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "helpers.h"

MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");

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

static unsigned long seed;
module_param(seed, ulong, 0444);
MODULE_PARM_DESC(seed, "of random tests: 0 is another one each time");

u64 lib_poly1305_kunit_seed(void)
{
	while (!seed)
		seed = get_random_long();
	return seed;
}

struct module *lib_poly1305_kunit_module(void)
{
	return THIS_MODULE;
}

static struct {
	struct task_struct *task;
	long calls;
} threads[8];

static bool (*thread_func)(void *state);

/* A thread that is stopped before it has begun does nothing, and fails. */
static DECLARE_COMPLETION(thread_begun);

static int thread(void *state)
{
	struct task_struct *self = current;
	long calls = 0;
	int i, result = 0;

	complete(&thread_begun);
	while (!kthread_should_stop()) {
		if (!thread_func(state))
			result = -EBADMSG;
		calls++;
		cond_resched();
	}
	for (i = 0; i < ARRAY_SIZE(threads); i++) {
		if (threads[i].task == self)
			threads[i].calls = calls;
	}
	return result;
}

int lib_poly1305_kunit_start_threads(bool (*func)(void *state), void *state)
{
	unsigned int cpu;
	int i = 0;

	thread_func = func;
	for_each_online_cpu(cpu) {
		struct task_struct *task;

		if (i == ARRAY_SIZE(threads))
			break;
		task = kthread_create_on_cpu(thread, state, cpu,
					     "lib_poly1305/%u");
		if (IS_ERR(task)) {
			lib_poly1305_kunit_stop_threads();
			return PTR_ERR(task);
		}
		threads[i].calls = 0;
		threads[i++].task = task;
		wake_up_process(task);
		wait_for_completion(&thread_begun);
	}
	return 0;
}

long lib_poly1305_kunit_stop_threads(void)
{
	long calls = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(threads); i++) {
		if (!threads[i].task)
			continue;
		if (kthread_stop(threads[i].task))
			calls = LONG_MIN;
		calls += threads[i].calls;
		threads[i].task = NULL;
	}
	return calls < 0 ? -1 : calls;
}

void lib_poly1305_kunit_delay_ms(unsigned int ms)
{
	mdelay(ms);
}

u64 lib_poly1305_kunit_us(void)
{
	return ktime_to_us(ktime_get());
}

void lib_poly1305_kunit_sleep_ms(unsigned int ms)
{
	msleep(ms);
}

static DEFINE_RAW_SPINLOCK(atomic);
static unsigned long atomic_flags;

void lib_poly1305_kunit_atomic_begin(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&atomic, flags);
	atomic_flags = flags;
}

void lib_poly1305_kunit_atomic_end(void)
{
	raw_spin_unlock_irqrestore(&atomic, atomic_flags);
}

static void __init init_blocks(struct lib_poly1305_state *state,
			       struct lib_poly1305_workspace *workspace, const __u8 *data,
			       size_t nblocks)
{
}

void __ref lib_poly1305_kunit_init_text(struct lib_poly1305_ops *ops)
{
	ops->blocks = init_blocks;
}

void lib_poly1305_kunit_data(struct lib_poly1305_ops *ops)
{
	ops->blocks = (typeof(ops->blocks))(unsigned long)&threads;
}

bool lib_poly1305_kunit_rcu_reads(void)
{
	/* Only with lockdep is the first one more than a guess. */
	return rcu_read_lock_held() &&
	       (rcu_preempt_depth() || !IS_ENABLED(CONFIG_PREEMPT_RCU)) &&
	       (preempt_count() || IS_ENABLED(CONFIG_PREEMPT_RCU) ||
		!IS_ENABLED(CONFIG_PREEMPT_COUNT));
}

#ifdef CONFIG_FAULT_INJECTION
void lib_poly1305_kunit_fail_nth(unsigned int n)
{
	WRITE_ONCE(current->fail_nth, n);
}

bool lib_poly1305_kunit_did_fail(void)
{
	unsigned int rest = READ_ONCE(current->fail_nth);

	WRITE_ONCE(current->fail_nth, 0);
	return rest == 0;
}
#else
void lib_poly1305_kunit_fail_nth(unsigned int n)
{
}

bool lib_poly1305_kunit_did_fail(void)
{
	return false;
}
#endif

void lib_poly1305_kunit_skip(void)
{
	kunit_mark_skipped(kunit_get_current_test(),
			   "no fault injection set up in this kernel");
}
