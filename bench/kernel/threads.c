// SPDX-License-Identifier: GPL-2.0
/* Threads that compute tags at the same time, each on a CPU of its own. */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/sched.h>

#include "bench.h"

/* Bytes in a message, messages between looks at the clock, and how long. */
#define MESSAGE		64
#define MESSAGES	1024
#define DURATION	(100 * NSEC_PER_MSEC)

struct team {
	void (*mac)(u8 *tag, const u8 *key, const u8 *data, size_t len);
	/* threads that are not there yet */
	atomic_t missing;
	/* messages in a second, of those that are done */
	atomic64_t rate;
	struct completion done;
};

/* What stands for the count of references in struct module. */
static atomic_t references ____cacheline_aligned_in_smp = ATOMIC_INIT(1);

/*
 * Does what try_module_get() and module_put() do to that count (see
 * kernel/module/main.c). They themselves do nothing for code that is built in.
 */
void lib_poly1305_bench_counted_mac(u8 *tag, const u8 *key, const u8 *data,
				    size_t len)
{
	if (!atomic_inc_not_zero(&references))
		return;
	lib_poly1305_mac(tag, key, data, len);
	atomic_dec_if_positive(&references);
}

static int work(void *data)
{
	u8 message[MESSAGE] = {}, key[LIB_POLY1305_KEY_SIZE] = { 1 };
	u8 tag[LIB_POLY1305_TAG_SIZE];
	struct team *team = data;
	u64 begin, time, count = 0;

	atomic_dec(&team->missing);
	while (atomic_read(&team->missing)) {
		cpu_relax();
		cond_resched();
	}
	begin = ktime_get_ns();
	do {
		for (int i = 0; i < MESSAGES; i++)
			team->mac(tag, key, message, MESSAGE);
		count += MESSAGES;
		cond_resched();
		time = ktime_get_ns() - begin;
	} while (time < DURATION);
	atomic64_add(div64_u64(count * NSEC_PER_SEC, time), &team->rate);
	kthread_complete_and_exit(&team->done, 0);
}

s64 lib_poly1305_bench_rate(void (*mac)(u8 *tag, const u8 *key, const u8 *data,
					size_t len),
			    unsigned int cpus)
{
	struct team team = {
		.mac = mac,
		.missing = ATOMIC_INIT(cpus),
		.rate = ATOMIC64_INIT(0),
		.done = COMPLETION_INITIALIZER_ONSTACK(team.done),
	};
	s64 error = num_online_cpus() < cpus ? -ENODEV : 0;
	unsigned int started = 0;

	while (!error && started < cpus) {
		struct task_struct *task;

		task = kthread_run_on_cpu(work, &team, started, "bench/%u");
		if (IS_ERR(task))
			error = PTR_ERR(task);
		else
			started++;
	}
	/* Those that wait for one that will not come go ahead. */
	atomic_sub(cpus - started, &team.missing);
	for (unsigned int i = 0; i < started; i++)
		wait_for_completion(&team.done);
	return error ?: atomic64_read(&team.rate);
}
