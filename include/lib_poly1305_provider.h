/* SPDX-License-Identifier: GPL-2.0 */
/**
 * DOC: Providers
 *
 * A provider is a module that registers implementations with lib_poly1305. It
 * describes each of them by a struct lib_poly1305_ops.
 *
 * Its init function registers those that this machine can run, declines the
 * others, and fails with -ENODEV if none is left. Its exit function unregisters
 * them. So does its init function if it fails after registering. In both places
 * no implementation is pinned: one can be pinned only after the init function of
 * its module has succeeded, and a pin keeps the module loaded. A provider never
 * takes references to itself.
 *
 * Providers import the namespace "LIB_POLY1305_PROVIDER".
 */
#ifndef _LIB_POLY1305_PROVIDER_H
#define _LIB_POLY1305_PROVIDER_H

#include <lib_poly1305.h>

struct module;

/* Increased with every change of the interface between library and providers. */
#define LIB_POLY1305_ABI_VERSION	3

/* Bytes in a name, with its final zero. It consists of a-z, 0-9, '_' and '-'. */
#define LIB_POLY1305_NAME_SIZE		32

/* Bytes in a reason, with its final zero; a longer one is truncated. */
#define LIB_POLY1305_REASON_SIZE	80

/* The maximum number of blocks in one call of an implementation: 4 KiB. */
#define LIB_POLY1305_MAX_BLOCKS		256

/* The calls of a run of at least that many blocks have a workspace. */
#define LIB_POLY1305_WORKSPACE_MIN_BLOCKS 20

/* Words of scratch memory. */
#define LIB_POLY1305_SCRATCH_WORDS	208

/**
 * struct lib_poly1305_scratch - scratch memory
 * @cached: identifies the data that @memory caches for the next call; 0 means
 *	    none. An implementation that caches data here stores a number that no
 *	    other implementation uses for other data. (The library's self-test
 *	    uses ~0.)
 * @blocks_left: how many blocks of the run are left for further calls. If it is
 *		 0, cache nothing: the library would only have to wipe it.
 * @reserved: undefined
 * @memory: undefined, unless @cached says otherwise. An implementation that
 *	    leaves @cached 0 must wipe the secrets here, its own and those that
 *	    another one cached; otherwise the library wipes @memory at the end
 *	    of the run.
 *
 * All calls of a run share the scratch memory and r, but may be made to different
 * implementations. At the first call @cached is 0.
 */
struct lib_poly1305_scratch {
	__u64 cached;
	__u64 blocks_left;
	__u64 reserved[6];
	__u64 memory[LIB_POLY1305_SCRATCH_WORDS];
} __aligned(64);

/**
 * struct lib_poly1305_workspace - what an implementation may use
 * @powers: cached powers of r, kept in the context from run to run; the
 *	    implementation may add more of them
 * @scratch: scratch memory
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
 * @name: its name, which begins with the architecture, as in "x86_64-avx2"
 * @owner: THIS_MODULE
 * @priority: the registered implementation of the highest priority is active. The
 *	      portable one has 0, scalar code for an architecture has 100.
 * @blocks: absorbs @nblocks whole blocks of 16 bytes at @data, from 1 to
 *	    LIB_POLY1305_MAX_BLOCKS. For each of them, it adds the block and 2^128
 *	    to h and multiplies h by r (RFC 8439 section 2.5.1). It must leave h in
 *	    interchange form and r unchanged, and run in constant time. It is
 *	    called in task, softirq and hardirq context, inside an RCU read-side
 *	    critical section, and must not sleep or call the library.
 *
 * A run is the whole blocks that one call of the library passes to the
 * implementation. The library calls @blocks once for each
 * LIB_POLY1305_MAX_BLOCKS of them and once for the rest, which may be a single
 * block. In a run of at least LIB_POLY1305_WORKSPACE_MIN_BLOCKS blocks, each of
 * these calls has a workspace. In a shorter run the workspace is NULL.
 *
 * The library copies the fields, and identifies the implementation by the address
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
 * lib_poly1305_register() - register an implementation
 * @ops: the implementation
 *
 * The library tests the implementation before it adds it to its table. If it has
 * the highest priority, or is the one that the administrator selected, it becomes
 * active at once, for all following calls of all contexts. If registering fails,
 * no caller has run the implementation, nothing has changed, and the log has the
 * reason.
 *
 * Context: Task context. May sleep.
 * Return: 0 or
 *
 * * %-ENOEXEC: the ABI version or the size of the structure is another one: build
 *   the provider against the headers of this library.
 * * %-EINVAL: a field is invalid, such as a function that is not in the .text of
 *   its owner. The log names the field.
 * * %-EEXIST: an implementation of that name is registered. (insmod may say "busy"
 *   instead, as newer kernels replace this error of an init function.)
 * * %-ELIBBAD: it computes wrong results.
 * * %-ENOMEM: memory ran out.
 */
int lib_poly1305_register(const struct lib_poly1305_ops *ops);

/**
 * lib_poly1305_unregister() - unregister an implementation
 * @ops: the implementation, as it was registered
 *
 * When this returns 0, calls run on the implementation of the next priority, and
 * no call of this one is running any more. If it fails, nothing has changed, and
 * the log has the reason.
 *
 * Context: Task context. May sleep, waiting for an RCU grace period.
 * Return: 0 or
 *
 * * %-ENOENT: it is not registered.
 * * %-EBUSY: it is pinned, which is impossible in the init and exit functions of
 *   its module.
 */
int lib_poly1305_unregister(const struct lib_poly1305_ops *ops);

/**
 * lib_poly1305_try_unregister() - unregister an implementation without sleeping
 * @ops: the implementation, as it was registered
 *
 * Context: Task context, also under raw spinlocks and with interrupts disabled.
 * Return: as lib_poly1305_unregister(), or
 *
 * * %-EAGAIN: this would have to wait, because the implementation is active, or
 *   calls of it may still be running, or another change is in progress.
 */
int lib_poly1305_try_unregister(const struct lib_poly1305_ops *ops);

/**
 * lib_poly1305_decline() - say that this machine cannot run an implementation
 * @name: its name
 * @reason: the reason, for the log, as in "the CPU has no AVX2"
 *
 * From then on, lib_poly1305_get() fails with -ENODEV for this name. Registering
 * an implementation of this name reverts that.
 *
 * Context: Task context. May sleep.
 * Return: always -ENODEV, for an init function that has nothing to register
 */
int lib_poly1305_decline(const char *name, const char *reason);

#endif /* _LIB_POLY1305_PROVIDER_H */
