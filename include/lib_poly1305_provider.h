/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For modules that provide an implementation of Poly1305 to lib_poly1305.
 *
 * A provider describes each implementation by a struct lib_poly1305_ops, and
 * registers those that this machine can run in its init function. It declines
 * the others, and fails with -ENODEV if none is left. It unregisters in its
 * exit function, where no one can have a pin on them any more, as pins hold the
 * module; and in its init function, if that fails after registering, where no
 * one can have one yet: the implementations of a module can be pinned from when
 * its init function has succeeded. It takes no references to itself.
 *
 * Providers import the namespace "LIB_POLY1305_PROVIDER".
 */
#ifndef _LIB_POLY1305_PROVIDER_H
#define _LIB_POLY1305_PROVIDER_H

#include <lib_poly1305.h>

struct module;

/* Raised with every change of what passes between library and providers. */
#define LIB_POLY1305_ABI_VERSION	3

/* Bytes in a name with its final zero: a-z, 0-9, '_' and '-'. */
#define LIB_POLY1305_NAME_SIZE		32

/* Bytes in a reason with its final zero; what is longer is cut off. */
#define LIB_POLY1305_REASON_SIZE	80

/* Most blocks that one call of an implementation is given: 4 KiB. */
#define LIB_POLY1305_MAX_BLOCKS		256

/* Each call of a run of that many blocks, or of more, comes with a workspace. */
#define LIB_POLY1305_WORKSPACE_MIN_BLOCKS 20

/* Words of memory that an implementation can work in. */
#define LIB_POLY1305_SCRATCH_WORDS	208

/**
 * struct lib_poly1305_scratch - memory to work in
 * @cached: which data is cached in @memory for the next call: 0 is none. An
 *	    implementation that caches data sets a number that no other
 *	    implementation uses for other data. (~0 is that of the library's
 *	    self-test.)
 * @blocks_left: how many blocks are left for further calls. If none are, nothing
 *		 should be cached, as the library would only wipe it.
 * @reserved: may hold anything
 * @memory: may hold anything, unless @cached says what; the implementation wipes
 *	    secrets in it if it leaves @cached 0
 *
 * It lasts for one run: all calls of a run share the scratch memory and r, but may
 * be made to different implementations. At the first call, @cached is 0.
 */
struct lib_poly1305_scratch {
	__u64 cached;
	__u64 blocks_left;
	__u64 reserved[6];
	__u64 memory[LIB_POLY1305_SCRATCH_WORDS];
} __aligned(64);

/**
 * struct lib_poly1305_workspace - what an implementation can use, and do without
 * @powers: powers of this r, kept in the context from run to run; it may add
 *	    more of them
 * @scratch: memory to work in
 *
 * Neither pointer is NULL.
 */
struct lib_poly1305_workspace {
	struct lib_poly1305_powers *powers;
	struct lib_poly1305_scratch *scratch;
};

/**
 * struct lib_poly1305_ops - an implementation
 * @abi_version: LIB_POLY1305_ABI_VERSION
 * @size: the size of this structure
 * @name: its name, beginning with the architecture, as in "x86_64-avx2"
 * @owner: THIS_MODULE
 * @priority: the highest one is active; the portable implementation has 0, so
 *	      give a higher one. Scalar code of an architecture has 100.
 * @blocks: absorbs @nblocks whole blocks of 16 bytes at @data, 1 to
 *	    LIB_POLY1305_MAX_BLOCKS of them. For each, adds the block and 2^128
 *	    to h and multiplies it by r (RFC 8439 section 2.5.1). Leaves h in
 *	    interchange form and r alone, in a time that depends on nothing
 *	    secret. It is called in task, softirq and hardirq context inside an
 *	    RCU read-side critical section: it must not sleep, nor call back into the
 *	    library.
 *
 * The whole blocks that one call of the library has for the implementation are
 * a run. @blocks is called for each LIB_POLY1305_MAX_BLOCKS of them, and for the
 * rest, which may be a single block. The workspace is NULL if the run has less than
 * LIB_POLY1305_WORKSPACE_MIN_BLOCKS blocks, and only then: there is one in every call
 * for that many blocks, and perhaps in a shorter one.
 *
 * The library copies what it needs, and knows the implementation by the address
 * of this structure.
 */
struct lib_poly1305_ops {
	__u32 abi_version;
	__u32 size;
	const char *name;
	struct module *owner;
	__s32 priority;
	void (*blocks)(struct lib_poly1305_state *state,
		       struct lib_poly1305_workspace *workspace, const __u8 *data,
		       size_t nblocks);
};

/**
 * lib_poly1305_register() - add an implementation
 * @ops: the implementation
 *
 * Tests it first. If all is well it can be selected, and is active at once, for
 * every following call of every context, if it is the best one or the one that
 * the administrator wished for. If not, nothing has changed, the wrong code was
 * never run for a caller, and the log says why.
 *
 * Context: Task context. May sleep.
 * Return: 0, or
 * * %-ENOEXEC	another ABI version or size of the structure: build the provider
 *		against the headers of this library
 * * %-EINVAL	a field has no valid value, such as a function that is not in the
 *		.text of its owner; the log names it
 * * %-EEXIST	there is an implementation of that name (which insmod may show as
 *		"busy", as newer kernels do not pass it on from init functions)
 * * %-ELIBBAD	it computes wrong results
 * * %-ENOMEM	no memory
 */
int lib_poly1305_register(const struct lib_poly1305_ops *ops);

/**
 * lib_poly1305_unregister() - take an implementation away
 * @ops: the implementation, as it was registered
 *
 * Does nothing and says why, or completes: calls use the next best one, and no
 * call of this one is under way any more when it returns.
 *
 * Context: Task context. May sleep, waiting for an RCU grace period.
 * Return: 0, or
 * * %-ENOENT	it is not registered
 * * %-EBUSY	it is pinned, which cannot be in the init or exit function of
 *		its module
 */
int lib_poly1305_unregister(const struct lib_poly1305_ops *ops);

/**
 * lib_poly1305_try_unregister() - lib_poly1305_unregister() without sleeping
 * @ops: the implementation, as it was registered
 *
 * Context: Task context, also under raw spinlocks and with interrupts off.
 * Return: as lib_poly1305_unregister(), or
 * * %-EAGAIN	it could only be done by waiting: the implementation is active,
 *		or was a moment ago, or another change is under way
 */
int lib_poly1305_try_unregister(const struct lib_poly1305_ops *ops);

/**
 * lib_poly1305_decline() - say that an implementation cannot run here
 * @name: its name
 * @reason: why not, in words for the log, as in "the CPU has no AVX2"
 *
 * Whoever asks for this name is told that it will not come. Registering it
 * takes that back.
 *
 * Context: Task context. May sleep.
 * Return: %-ENODEV, for an init function that has nothing else to offer
 */
int lib_poly1305_decline(const char *name, const char *reason);

#endif /* _LIB_POLY1305_PROVIDER_H */
