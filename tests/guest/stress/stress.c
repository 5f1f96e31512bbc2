// SPDX-License-Identifier: GPL-2.0
/*
 * A caller that computes tags on every CPU without a pause, for tests that load
 * and unload implementations meanwhile: in tasks, with a raw spinlock held and
 * interrupts off, and in hardirq context, which are what they are on PREEMPT_RT,
 * too. Each tag must be the one that the portable implementation gave before.
 *
 * The parameters "tags", "hardirq_tags" (those of hardirq context) and "wrong" count.
 */
#include <lib_poly1305.h>
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/sysfs.h>

/* Two calls of an implementation for the longest (LIB_POLY1305_MAX_BLOCKS). */
#define MAX_LEN		9000
#define MAX_OFFSET	63
#define SAMPLES		64
#define COMPUTATIONS	4

static char *pin;
module_param(pin, charp, 0444);
MODULE_PARM_DESC(pin, "an implementation to pin while this module is loaded");

static bool pins = true;
module_param(pins, bool, 0444);
MODULE_PARM_DESC(pins, "whether short pins are taken, which can keep a module from being unloaded");

/* A message, at some alignment, and its tag. Nobody writes it any more. */
struct sample {
	const u8 *data;
	size_t len;
	u8 key[LIB_POLY1305_KEY_SIZE];
	u8 tag[LIB_POLY1305_TAG_SIZE];
};

static u8 bytes[MAX_LEN + MAX_OFFSET];
static struct sample samples[SAMPLES];

/* Around the edges of blocks and of what one call of an implementation gets. */
static const u16 edges[] = {
	0, 1, 15, 16, 17, 31, 32, 33, 4095, 4096, 4097, 8191, 8192, 8193, MAX_LEN,
};

/* A computation that stays open while others are done. */
struct computation {
	struct lib_poly1305_ctx ctx;
	const struct sample *sample;
	size_t done;
};

/* What one context of a CPU chooses and counts by. */
struct caller {
	struct rnd_state random;
	unsigned long tags;
	unsigned long wrong;
};

/*
 * What the thread of a CPU has. Threads share no cache line: what one does must
 * not slow down, and so order, what another does.
 */
struct hasher {
	struct task_struct *task;
	struct caller in_task;
	struct caller in_hardirq;
	struct irq_work work;
	raw_spinlock_t lock;
	struct computation computations[COMPUTATIONS];
};

static DEFINE_PER_CPU_ALIGNED(struct hasher, hashers);
static struct lib_poly1305_pin *held;

static u32 below(struct caller *caller, u32 limit)
{
	return prandom_u32_state(&caller->random) % limit;
}

static const struct sample *any_sample(struct caller *caller)
{
	return &samples[below(caller, SAMPLES)];
}

static void count(struct caller *caller, bool right)
{
	/* Only this context writes them; the parameters read them. */
	WRITE_ONCE(caller->tags, caller->tags + 1);
	if (!right)
		WRITE_ONCE(caller->wrong, caller->wrong + 1);
}

static void check(struct caller *caller, const struct sample *sample,
		  const u8 *tag)
{
	count(caller, !memcmp(tag, sample->tag, LIB_POLY1305_TAG_SIZE));
}

static void begin(struct caller *caller, struct computation *computation)
{
	computation->sample = any_sample(caller);
	computation->done = 0;
	lib_poly1305_init(&computation->ctx, computation->sample->key);
}

/* One piece of an odd length, so that blocks are split in every way. */
static void carry_on(struct caller *caller, struct computation *computation)
{
	const struct sample *sample = computation->sample;
	size_t len = min(sample->len - computation->done,
			 (size_t)(below(caller, 1024) | 1));
	u8 tag[LIB_POLY1305_TAG_SIZE];

	lib_poly1305_update(&computation->ctx,
			    sample->data + computation->done, len);
	computation->done += len;
	if (computation->done < sample->len)
		return;

	lib_poly1305_final(&computation->ctx, tag);
	check(caller, sample, tag);
	begin(caller, computation);
}

static void one_shots(struct caller *caller)
{
	const struct sample *sample = any_sample(caller);
	u8 tag[LIB_POLY1305_TAG_SIZE];

	lib_poly1305_mac(tag, sample->key, sample->data, sample->len);
	check(caller, sample, tag);

	sample = any_sample(caller);
	count(caller, lib_poly1305_verify(sample->tag, sample->key,
					  sample->data, sample->len));
	memcpy(tag, sample->tag, sizeof(tag));
	tag[below(caller, sizeof(tag))] ^= 1;
	count(caller, !lib_poly1305_verify(tag, sample->key, sample->data,
					   sample->len));
}

static void by_pin(struct caller *caller)
{
	static const char * const names[] = {
		NULL, "generic", "x86_64-bmi2", "x86_64-avx2",
		"arm64-scalar", "arm64-neon", "test-provider",
	};
	const u32 choice = below(caller, ARRAY_SIZE(names));
	const char *name = names[choice];
	const struct sample *sample = any_sample(caller);
	struct lib_poly1305_pin *pinned = lib_poly1305_get_nosleep(name);
	struct lib_poly1305_ctx ctx;
	u8 tag[LIB_POLY1305_TAG_SIZE];
	size_t half = sample->len / 2;

	if (IS_ERR(pinned)) {
		/* Others come and go; the first two are always there. */
		if (choice < 2)
			count(caller, false);
		return;
	}
	if (name && strcmp(lib_poly1305_pin_name(pinned), name))
		count(caller, false);

	lib_poly1305_pin_mac(pinned, tag, sample->key, sample->data,
			     sample->len);
	check(caller, sample, tag);

	/* The pinned one begins, and whichever is active ends. */
	lib_poly1305_init(&ctx, sample->key);
	lib_poly1305_pin_update(pinned, &ctx, sample->data, half);
	lib_poly1305_update(&ctx, sample->data + half, sample->len - half);
	lib_poly1305_final(&ctx, tag);
	check(caller, sample, tag);

	lib_poly1305_put(pinned);
}

static void hardirq(struct irq_work *work)
{
	one_shots(&container_of(work, struct hasher, work)->in_hardirq);
}

static void with_raw_lock(struct hasher *hasher)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&hasher->lock, flags);
	one_shots(&hasher->in_task);
	raw_spin_unlock_irqrestore(&hasher->lock, flags);
}

static int hash(void *data)
{
	struct hasher *hasher = data;
	struct caller *caller = &hasher->in_task;
	int i;

	/* Processes that load and unload modules meanwhile go first. */
	set_user_nice(current, 10);
	for (i = 0; i < COMPUTATIONS; i++)
		begin(caller, &hasher->computations[i]);

	while (!kthread_should_stop()) {
		/* It interrupts what follows, or is still pending. */
		irq_work_queue(&hasher->work);
		for (i = 0; i < COMPUTATIONS; i++)
			carry_on(caller, &hasher->computations[i]);
		one_shots(caller);
		with_raw_lock(hasher);
		if (pins)
			by_pin(caller);
		cond_resched();
	}
	irq_work_sync(&hasher->work);
	return 0;
}

struct totals {
	unsigned long tags;
	unsigned long hardirq_tags;
	unsigned long wrong;
};

static struct totals totals(void)
{
	struct totals sum = {};
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct hasher *hasher = per_cpu_ptr(&hashers, cpu);

		sum.hardirq_tags += READ_ONCE(hasher->in_hardirq.tags);
		sum.tags += READ_ONCE(hasher->in_task.tags);
		sum.wrong += READ_ONCE(hasher->in_task.wrong) +
			     READ_ONCE(hasher->in_hardirq.wrong);
	}
	sum.tags += sum.hardirq_tags;
	return sum;
}

static int tags_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%lu\n", totals().tags);
}

static int hardirq_tags_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%lu\n", totals().hardirq_tags);
}

static int wrong_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%lu\n", totals().wrong);
}

/* The kernel calls this for "tags=" at load without looking whether it is. */
static int counter_set(const char *val, const struct kernel_param *kp)
{
	return -EPERM;
}

static const struct kernel_param_ops tags_ops = {
	.set = counter_set,
	.get = tags_get,
};

static const struct kernel_param_ops hardirq_tags_ops = {
	.set = counter_set,
	.get = hardirq_tags_get,
};

static const struct kernel_param_ops wrong_ops = {
	.set = counter_set,
	.get = wrong_get,
};

module_param_cb(tags, &tags_ops, NULL, 0444);
MODULE_PARM_DESC(tags, "read only: how many tags were computed");
module_param_cb(hardirq_tags, &hardirq_tags_ops, NULL, 0444);
MODULE_PARM_DESC(hardirq_tags, "read only: how many of them in hardirq context");
module_param_cb(wrong, &wrong_ops, NULL, 0444);
MODULE_PARM_DESC(wrong, "read only: how many of them were wrong");

static int make_samples(void)
{
	struct lib_poly1305_pin *portable = lib_poly1305_get("generic");
	struct rnd_state random;
	int i;

	if (IS_ERR(portable))
		return PTR_ERR(portable);

	/* The same ones each time. */
	prandom_seed_state(&random, 8439);
	prandom_bytes_state(&random, bytes, sizeof(bytes));
	for (i = 0; i < SAMPLES; i++) {
		struct sample *sample = &samples[i];

		sample->data = bytes + prandom_u32_state(&random) % MAX_OFFSET;
		sample->len = i < ARRAY_SIZE(edges) ? edges[i] :
			      prandom_u32_state(&random) % MAX_LEN;
		prandom_bytes_state(&random, sample->key, sizeof(sample->key));
		lib_poly1305_pin_mac(portable, sample->tag, sample->key,
				     sample->data, sample->len);
	}
	lib_poly1305_put(portable);
	return 0;
}

static void stop(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		if (per_cpu(hashers, cpu).task)
			kthread_stop(per_cpu(hashers, cpu).task);
	}
	if (held)
		lib_poly1305_put(held);
}

static int start(void)
{
	int cpu;

	for_each_online_cpu(cpu) {
		struct hasher *hasher = per_cpu_ptr(&hashers, cpu);
		struct task_struct *task;

		prandom_seed_state(&hasher->in_task.random, 2 * cpu);
		prandom_seed_state(&hasher->in_hardirq.random, 2 * cpu + 1);
		hasher->work = IRQ_WORK_INIT_HARD(hardirq);
		raw_spin_lock_init(&hasher->lock);
		task = kthread_run_on_cpu(hash, hasher, cpu, "poly1305/%u");
		if (IS_ERR(task))
			return PTR_ERR(task);
		hasher->task = task;
	}
	return 0;
}

static int __init stress_init(void)
{
	int err = make_samples();

	if (err)
		return err;

	if (pin) {
		struct lib_poly1305_pin *pinned = lib_poly1305_get(pin);

		if (IS_ERR(pinned))
			return PTR_ERR(pinned);
		held = pinned;
	}

	cpus_read_lock();
	err = start();
	cpus_read_unlock();
	if (err)
		stop();
	return err;
}
module_init(stress_init);

static void __exit stress_exit(void)
{
	struct totals all;

	stop();
	all = totals();
	if (all.wrong)
		pr_err("lib_poly1305_stress: %lu tags, %lu wrong\n", all.tags, all.wrong);
	else
		pr_info("lib_poly1305_stress: %lu tags, 0 wrong\n", all.tags);
}
module_exit(stress_exit);

MODULE_DESCRIPTION("Stress caller of lib_poly1305");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("LIB_POLY1305");
