/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Poly1305 message authentication (RFC 8439 section 2.5).
 *
 * A Poly1305 key is for one message: two messages under one key tell an
 * attacker how to forge a third. Callers derive a new key for each message,
 * usually from a cipher and a nonce.
 *
 * What computes is the active implementation: the portable one of the library,
 * or one of a module for the architecture, which may come and go at any time.
 * Callers need not know. Those that want a certain one pin it.
 *
 * Message bytes must not change while a call reads them: it may read them more
 * than once, and the tag would be that of no message. Where others can write to
 * them all the same, as a process can to pages that the kernel reads without a
 * copy (AF_ALG, zero copy), nothing else happens: no branch and no address
 * depends on message bytes, so that memory stays as safe as it was.
 *
 * Apart from lib_poly1305_get() and lib_poly1305_put() nothing here fails,
 * sleeps, takes a lock or allocates: those functions may be called from task,
 * softirq and hardirq context, with or without interrupts enabled, but not from
 * NMI. Modules that call them import the namespace "LIB_POLY1305".
 */
#ifndef _LIB_POLY1305_H
#define _LIB_POLY1305_H

#include <linux/types.h>

/* Bytes in a block, in a key (r, then s) and in a tag. */
#define LIB_POLY1305_BLOCK_SIZE	16
#define LIB_POLY1305_KEY_SIZE	32
#define LIB_POLY1305_TAG_SIZE	16

/**
 * struct lib_poly1305_state - accumulator and point in interchange form
 * @h: accumulator, h[0] + h[1] 2^64 + h[2] 2^128 modulo 2^130 - 5, partially
 *     reduced: h[2] <= 4
 * @r: the first half of the key, clamped (RFC 8439 section 2.5)
 *
 * What every implementation begins from and leaves behind, so that another one
 * can go on.
 */
struct lib_poly1305_state {
	__u64 h[3];
	__u64 r[2];
};

/**
 * struct lib_poly1305_powers - powers of r that are known already
 * @count: how many of @power there are; the others may hold anything
 * @power: r^2, r^3, r^4, r^8 and r^16, in this order, each in the interchange
 *	   form of &lib_poly1305_state.h
 *
 * It saves time, and nothing depends on it: 0 as @count is right at all times.
 */
struct lib_poly1305_powers {
	__u64 count;
	__u64 power[5][3];
};

/**
 * struct lib_poly1305_ctx - a computation that has begun
 *
 * Plain data without pointers: it may be copied by assignment or memcpy(),
 * abandoned at any point (wipe it with memzero_explicit() then), and go on in
 * another context, on another CPU, and in another implementation. One call at
 * a time may work on one context; different contexts do not know each other.
 *
 * At the end of every call the state is in interchange form.
 */
struct lib_poly1305_ctx {
	/* private: not for callers */
	struct lib_poly1305_state state;
	/* second half of the key, the pad */
	__u64 s[2];
	/* bytes that do not fill a block yet, and how many */
	__u8 buffer[LIB_POLY1305_BLOCK_SIZE];
	__u64 buffered;
	/* what implementations computed of r, and need not compute again */
	struct lib_poly1305_powers powers;
};

/**
 * lib_poly1305_init() - begin a computation
 * @ctx: the context to fill in; its former content does not matter, but is not
 *	 wiped: one that was abandoned keeps powers of its key also beyond the
 *	 next lib_poly1305_final()
 * @key: the one-time key of LIB_POLY1305_KEY_SIZE bytes, at any alignment
 */
void lib_poly1305_init(struct lib_poly1305_ctx *ctx, const __u8 *key);

/**
 * lib_poly1305_update() - add message bytes
 * @ctx: the context, begun with lib_poly1305_init()
 * @data: the bytes, at any alignment; may be NULL if @len is 0
 * @len: how many bytes, any number; the sum over all calls is not limited
 */
void lib_poly1305_update(struct lib_poly1305_ctx *ctx, const __u8 *data,
			 size_t len);

/**
 * lib_poly1305_final() - end a computation
 * @ctx: the context; it is wiped
 * @tag: where LIB_POLY1305_TAG_SIZE bytes of tag are written, at any
 *	 alignment; may lie anywhere, also in @ctx
 */
void lib_poly1305_final(struct lib_poly1305_ctx *ctx, __u8 *tag);

/**
 * lib_poly1305_mac() - compute the tag of a whole message
 * @tag: where LIB_POLY1305_TAG_SIZE bytes of tag are written, at any
 *	 alignment; may overlap @key and @data
 * @key: the one-time key of LIB_POLY1305_KEY_SIZE bytes, at any alignment
 * @data: the message, at any alignment; may be NULL if @len is 0
 * @len: how many bytes, any number
 */
void lib_poly1305_mac(__u8 *tag, const __u8 *key, const __u8 *data, size_t len);

/**
 * lib_poly1305_verify() - check the tag of a whole message
 * @tag: the LIB_POLY1305_TAG_SIZE bytes of tag that came with the message
 * @key: the one-time key of LIB_POLY1305_KEY_SIZE bytes, at any alignment
 * @data: the message, at any alignment; may be NULL if @len is 0
 * @len: how many bytes, any number
 *
 * The comparison takes the same time wherever the tags differ.
 *
 * Return: true if the tag is the message's, false if it is not
 */
bool __must_check lib_poly1305_verify(const __u8 *tag, const __u8 *key,
				      const __u8 *data, size_t len);

/*
 * A pin: a reference to one implementation, whichever is active meanwhile. It
 * keeps the module of that implementation from being unloaded, as lsmod shows.
 */
struct lib_poly1305_pin;

/**
 * lib_poly1305_get() - pin an implementation
 * @name: its name, such as "generic"; NULL for the one that is active (the next
 *	  best while the module of that is on its way in or out)
 *
 * If no implementation of that name is registered, but the library knows which
 * module has it on this architecture, that module is loaded. So this must not
 * be called from the init function of a module that registers implementations.
 *
 * Context: Task context. May sleep.
 * Return: the pin, or an ERR_PTR():
 * * %-ENOENT	there is no such implementation for this architecture
 * * %-ENODEV	its module declined it on this machine, so it will not come; the
 *		reason is in the log and in the listing in debugfs
 * * %-EAGAIN	it exists, but its module is not loaded and could not be, or is
 *		on its way in or out
 */
struct lib_poly1305_pin *lib_poly1305_get(const char *name);

/**
 * lib_poly1305_get_nosleep() - pin an implementation if it is there
 * @name: its name; NULL as for lib_poly1305_get()
 *
 * Context: Any context but NMI. Loads no module.
 * Return: as lib_poly1305_get()
 */
struct lib_poly1305_pin *lib_poly1305_get_nosleep(const char *name);

/**
 * lib_poly1305_put() - let a pin go
 * @pin: the pin; no call through it may be under way
 *
 * Context: Any context but NMI.
 */
void lib_poly1305_put(struct lib_poly1305_pin *pin);

/**
 * lib_poly1305_pin_name() - the name of a pinned implementation
 * @pin: the pin
 *
 * Return: the name, which lives as long as the pin
 */
const char *lib_poly1305_pin_name(const struct lib_poly1305_pin *pin);

/**
 * lib_poly1305_pin_update() - add message bytes by a pinned implementation
 * @pin: the pin
 * @ctx: the context, begun with lib_poly1305_init(). Other implementations may
 *	 have worked on it, and may go on with it.
 * @data: the bytes, at any alignment; may be NULL if @len is 0
 * @len: how many bytes, any number
 */
void lib_poly1305_pin_update(const struct lib_poly1305_pin *pin,
			     struct lib_poly1305_ctx *ctx, const __u8 *data,
			     size_t len);

/**
 * lib_poly1305_pin_mac() - lib_poly1305_mac() by a pinned implementation
 * @pin: the pin
 * @tag: where LIB_POLY1305_TAG_SIZE bytes of tag are written, at any
 *	 alignment; may overlap @key and @data
 * @key: the one-time key of LIB_POLY1305_KEY_SIZE bytes, at any alignment
 * @data: the message, at any alignment; may be NULL if @len is 0
 * @len: how many bytes, any number
 */
void lib_poly1305_pin_mac(const struct lib_poly1305_pin *pin, __u8 *tag,
			  const __u8 *key, const __u8 *data, size_t len);

#endif /* _LIB_POLY1305_H */
