/* SPDX-License-Identifier: GPL-2.0 */
/**
 * DOC: Poly1305 message authentication (RFC 8439 section 2.5)
 *
 * A Poly1305 key is for one message: two messages under one key let an attacker
 * forge a third. Derive a new key for each message, usually from a cipher and a
 * nonce.
 *
 * Calls run on the active implementation: the registered one of the highest
 * priority, unless the administrator selected another. Implementations may be
 * registered and unregistered at any time; callers need not know. A caller that
 * needs one particular implementation pins it.
 *
 * Message bytes must not change while a call reads them: a call may read a byte
 * more than once, so the tag may be that of no message. If a process writes to
 * them all the same, as it can where the kernel reads its pages without a copy
 * (AF_ALG, zero copy), nothing else goes wrong: no branch and no address depends
 * on message bytes, so no memory outside of the buffers is read or written.
 *
 * Only lib_poly1305_get() sleeps and allocates. It and
 * lib_poly1305_get_nosleep() are the only functions here that can fail. All
 * functions but lib_poly1305_get() may be called in task, softirq and hardirq
 * context, with interrupts enabled or disabled, and none in NMI context. Modules
 * that call them import the namespace "LIB_POLY1305".
 */
#ifndef _LIB_POLY1305_H
#define _LIB_POLY1305_H

#include <linux/types.h>

/* Bytes in a block, in a key (r, then s) and in a tag. */
#define LIB_POLY1305_BLOCK_SIZE	16
#define LIB_POLY1305_KEY_SIZE	32
#define LIB_POLY1305_TAG_SIZE	16

/**
 * struct lib_poly1305_state - accumulator and r in interchange form
 * @h: accumulator, h[0] + h[1] 2^64 + h[2] 2^128 modulo 2^130 - 5, partially
 *     reduced: h[2] <= 4
 * @r: the first half of the key, clamped (RFC 8439 section 2.5)
 *
 * Every implementation takes the state in this form and leaves it in this form,
 * so any implementation can continue a computation that another one began.
 */
struct lib_poly1305_state {
	__u64 h[3];
	__u64 r[2];
};

/**
 * struct lib_poly1305_powers - cached powers of r
 * @count: how many entries of @power are valid; the others may hold anything
 * @power: r^2, r^3, r^4, r^8 and r^16, in this order, each in the interchange
 *	   form of &lib_poly1305_state.h
 *
 * A cache, which saves time: a @count of 0 is always valid.
 */
struct lib_poly1305_powers {
	__u64 count;
	__u64 power[5][3];
};

/**
 * struct lib_poly1305_ctx - state of an incremental computation
 *
 * Plain data without pointers. It may be copied by assignment or memcpy(), and
 * abandoned at any point; then wipe it with memzero_explicit(). The next call
 * may be made in another execution context, on another CPU and by another
 * implementation. Only one call at a time may use a context; different contexts
 * are independent.
 *
 * Between calls the state is in interchange form.
 */
struct lib_poly1305_ctx {
	/* private: not for callers */
	struct lib_poly1305_state state;
	/* the second half of the key, which is added at the end */
	__u64 s[2];
	/* the bytes of an incomplete block, and their number */
	__u8 buffer[LIB_POLY1305_BLOCK_SIZE];
	__u64 buffered;
	/* powers of r that an implementation has computed */
	struct lib_poly1305_powers powers;
};

/**
 * lib_poly1305_init() - begin a computation
 * @ctx: the context to initialize. Its old content is ignored, but not wiped: if
 *	 it was abandoned without wiping, powers of its old r may remain in it,
 *	 even after the next lib_poly1305_final().
 * @key: the one-time key of LIB_POLY1305_KEY_SIZE bytes, at any alignment
 */
void lib_poly1305_init(struct lib_poly1305_ctx *ctx, const __u8 *key);

/**
 * lib_poly1305_update() - add message bytes
 * @ctx: the context, initialized by lib_poly1305_init()
 * @data: the bytes, at any alignment; may be NULL if @len is 0
 * @len: number of bytes; neither it nor the sum over all calls is limited
 */
void lib_poly1305_update(struct lib_poly1305_ctx *ctx, const __u8 *data,
			 size_t len);

/**
 * lib_poly1305_final() - compute the tag and wipe the context
 * @ctx: the context, initialized by lib_poly1305_init(); wiped
 * @tag: buffer for the LIB_POLY1305_TAG_SIZE bytes of the tag, at any alignment;
 *	 may overlap @ctx
 */
void lib_poly1305_final(struct lib_poly1305_ctx *ctx, __u8 *tag);

/**
 * lib_poly1305_mac() - compute the tag of a whole message
 * @tag: buffer for the LIB_POLY1305_TAG_SIZE bytes of the tag, at any alignment;
 *	 may overlap @key and @data
 * @key: the one-time key of LIB_POLY1305_KEY_SIZE bytes, at any alignment
 * @data: the message, at any alignment; may be NULL if @len is 0
 * @len: number of bytes, without limit
 */
void lib_poly1305_mac(__u8 *tag, const __u8 *key, const __u8 *data, size_t len);

/**
 * lib_poly1305_verify() - check the tag of a whole message
 * @tag: the LIB_POLY1305_TAG_SIZE bytes of the tag that came with the message
 * @key: the one-time key of LIB_POLY1305_KEY_SIZE bytes, at any alignment
 * @data: the message, at any alignment; may be NULL if @len is 0
 * @len: number of bytes, without limit
 *
 * The tags are compared in constant time.
 *
 * Return: true if @tag is the tag of the message, false if it is not
 */
bool __must_check lib_poly1305_verify(const __u8 *tag, const __u8 *key,
				      const __u8 *data, size_t len);

/*
 * A pin is a reference to one implementation, active or not. While it is held,
 * the module of that implementation cannot be unloaded; lsmod counts it as a use.
 */
struct lib_poly1305_pin;

/**
 * lib_poly1305_get() - pin an implementation
 * @name: its name, such as "generic"; NULL for the active one, or the one of the
 *	  next priority while the module of that one is being loaded or unloaded
 *
 * If no implementation of that name is registered, but the library knows which
 * module has it on this architecture, that module is loaded. So this must not
 * be called from the init function of a module that registers implementations:
 * it would wait for that very module.
 *
 * Context: Task context. May sleep.
 * Return: the pin, or an ERR_PTR():
 *
 * * %-ENOENT: this architecture has no implementation of that name.
 * * %-ENODEV: the implementation cannot run on this machine, so its module
 *   declined it. The log and the list in debugfs have the reason.
 * * %-EAGAIN: the implementation exists, but its module is not loaded and could
 *   not be loaded, or is being loaded or unloaded.
 */
struct lib_poly1305_pin *lib_poly1305_get(const char *name);

/**
 * lib_poly1305_get_nosleep() - pin an implementation that is registered
 * @name: as for lib_poly1305_get()
 *
 * Loads no module.
 *
 * Context: Any context but NMI.
 * Return: as lib_poly1305_get()
 */
struct lib_poly1305_pin *lib_poly1305_get_nosleep(const char *name);

/**
 * lib_poly1305_put() - release a pin
 * @pin: the pin; no call that uses it may be running
 *
 * Context: Any context but NMI.
 */
void lib_poly1305_put(struct lib_poly1305_pin *pin);

/**
 * lib_poly1305_pin_name() - the name of a pinned implementation
 * @pin: the pin
 *
 * Return: the name, valid until the pin is released
 */
const char *lib_poly1305_pin_name(const struct lib_poly1305_pin *pin);

/**
 * lib_poly1305_pin_update() - lib_poly1305_update() by a pinned implementation
 * @pin: the pin
 * @ctx: the context, initialized by lib_poly1305_init(). Calls by other
 *	 implementations may come before and after this one.
 * @data: the bytes, at any alignment; may be NULL if @len is 0
 * @len: number of bytes, without limit
 */
void lib_poly1305_pin_update(const struct lib_poly1305_pin *pin,
			     struct lib_poly1305_ctx *ctx, const __u8 *data,
			     size_t len);

/**
 * lib_poly1305_pin_mac() - lib_poly1305_mac() by a pinned implementation
 * @pin: the pin
 * @tag: buffer for the LIB_POLY1305_TAG_SIZE bytes of the tag, at any alignment;
 *	 may overlap @key and @data
 * @key: the one-time key of LIB_POLY1305_KEY_SIZE bytes, at any alignment
 * @data: the message, at any alignment; may be NULL if @len is 0
 * @len: number of bytes, without limit
 */
void lib_poly1305_pin_mac(const struct lib_poly1305_pin *pin, __u8 *tag,
			  const __u8 *key, const __u8 *data, size_t len);

#endif /* _LIB_POLY1305_H */
