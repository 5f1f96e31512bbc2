/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Poly1305 message authentication (RFC 8439 section 2.5).
 *
 * A Poly1305 key is for one message: two messages under one key tell an
 * attacker how to forge a third. Callers derive a new key for each message,
 * usually from a cipher and a nonce.
 *
 * Nothing here fails, sleeps, takes a lock or allocates. Every function may be
 * called from task, softirq and hardirq context, with or without interrupts
 * enabled, but not from NMI. Modules that call them import the namespace
 * "LIB_POLY1305".
 */
#ifndef _LIB_POLY1305_H
#define _LIB_POLY1305_H

#include <linux/types.h>

/* Bytes in a block, in a key (r, then s) and in a tag. */
#define LIB_POLY1305_BLOCK_SIZE	16
#define LIB_POLY1305_KEY_SIZE	32
#define LIB_POLY1305_TAG_SIZE	16

/**
 * struct lib_poly1305_ctx - a computation that has begun
 *
 * Plain data without pointers: it may be copied by assignment or memcpy(),
 * abandoned at any point (wipe it with memzero_explicit() then), and go on in
 * another context, on another CPU, and in another implementation. One call at
 * a time may work on one context; different contexts do not know each other.
 *
 * At the end of every call it is in interchange form, where the accumulator is
 * h[0] + h[1] 2^64 + h[2] 2^128 modulo 2^130 - 5 with h[2] <= 4.
 */
struct lib_poly1305_ctx {
	/* private: for implementations only */
	/* accumulator, partially reduced */
	__u64 h[3];
	/* first half of the key, clamped */
	__u64 r[2];
	/* second half of the key, the pad */
	__u64 s[2];
	/* bytes that do not fill a block yet, and how many */
	__u8 buffer[LIB_POLY1305_BLOCK_SIZE];
	__u64 buffered;
};

/**
 * lib_poly1305_init() - begin a computation
 * @ctx: the context to fill in; its former content does not matter
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

#endif /* _LIB_POLY1305_H */
