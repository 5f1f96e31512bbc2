// SPDX-License-Identifier: GPL-2.0
/*
 * The functions that the kernel's own libpoly1305 exports, implemented by calls of
 * lib_poly1305. Installed in its place, this module serves WireGuard, TLS, Adiantum
 * and all other users without rebuilding them.
 *
 * Prototypes and structures are those of the kernel's headers, and parameters have
 * the names that they have there, which symbol versions depend on.
 */
#include <crypto/internal/poly1305.h>
#include <lib_poly1305.h>
#include <linux/build_bug.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/unaligned.h>

/* The library's context is stored in the caller's structure. */
static_assert(sizeof(struct lib_poly1305_ctx) <= sizeof(struct poly1305_desc_ctx));
static_assert(__alignof__(struct lib_poly1305_ctx) <=
	      __alignof__(struct poly1305_desc_ctx));
/* The same words for the core functions. */
static_assert(sizeof_field(struct poly1305_state, h64) ==
	      sizeof_field(struct lib_poly1305_state, h));
static_assert(sizeof_field(struct poly1305_key, r64) >=
	      sizeof_field(struct lib_poly1305_state, r));

/*
 * Initializes a context with an accumulator, which is zero or in the interchange form
 * in which the library left it, and with a clamped r.
 */
static void begin(struct lib_poly1305_ctx *ctx,
		  const struct poly1305_state *state,
		  const struct poly1305_core_key *key)
{
	memcpy(ctx->state.h, state->h64, sizeof(ctx->state.h));
	memcpy(ctx->state.r, key->key.r64, sizeof(ctx->state.r));
	ctx->buffered = 0;
	ctx->powers.count = 0;
}

/* Wipes what depends on the key. */
static void wipe(struct lib_poly1305_ctx *ctx)
{
	memzero_explicit(&ctx->state, sizeof(ctx->state));
	if (ctx->powers.count)
		memzero_explicit(&ctx->powers, sizeof(ctx->powers));
}

/*
 * Subtracts 2^128, the bit that the library will add above the next block, modulo
 * 2^130 - 5: adds 3 * 2^128 - 5.
 */
static void take_bit(__u64 h[3])
{
	u128 low = h[0] | (u128)h[1] << 64;
	/* At most 4 + 3, and at least 3 - 1. */
	u64 high = h[2] + 3 - (low < 5);
	/* The part above bit 130 counts five times. */
	u64 five = (high >> 2) * 5;

	low = low - 5 + five;
	h[0] = low;
	h[1] = low >> 64;
	/* At most 3 + 1, which is interchange form. */
	h[2] = (high & 3) + (low < five);
}

void poly1305_core_setkey(struct poly1305_core_key *key,
			  const u8 raw_key[POLY1305_BLOCK_SIZE])
{
	memset(key, 0, sizeof(*key));
	/* Clamped as in RFC 8439 section 2.5.1. */
	key->key.r64[0] = get_unaligned_le64(raw_key) & 0x0ffffffc0fffffff;
	key->key.r64[1] = get_unaligned_le64(raw_key + 8) & 0x0ffffffc0ffffffc;
}

void poly1305_core_blocks(struct poly1305_state *state,
			  const struct poly1305_core_key *key, const void *src,
			  unsigned int nblocks, u32 hibit)
{
	struct lib_poly1305_ctx ctx;

	begin(&ctx, state, key);
	if (hibit) {
		lib_poly1305_update(&ctx, src,
				    (size_t)nblocks * POLY1305_BLOCK_SIZE);
	} else {
		for (; nblocks; nblocks--, src += POLY1305_BLOCK_SIZE) {
			take_bit(ctx.state.h);
			lib_poly1305_update(&ctx, src, POLY1305_BLOCK_SIZE);
		}
	}
	memcpy(state->h64, ctx.state.h, sizeof(state->h64));
	wipe(&ctx);
}

void poly1305_core_emit(const struct poly1305_state *state, const u32 nonce[4],
			void *dst)
{
	/* lib_poly1305_final() without buffered bytes does not use r. */
	static const struct poly1305_core_key none;
	struct lib_poly1305_ctx ctx;

	begin(&ctx, state, &none);
	ctx.s[0] = nonce ? nonce[0] | (u64)nonce[1] << 32 : 0;
	ctx.s[1] = nonce ? nonce[2] | (u64)nonce[3] << 32 : 0;
	/* Wipes the context. */
	lib_poly1305_final(&ctx, dst);
}

#ifdef CONFIG_CRYPTO_LIB_POLY1305_GENERIC
EXPORT_SYMBOL(poly1305_core_setkey);
EXPORT_SYMBOL(poly1305_core_blocks);
EXPORT_SYMBOL(poly1305_core_emit);
#endif

void poly1305_init(struct poly1305_desc_ctx *desc,
		   const u8 key[POLY1305_KEY_SIZE])
{
	lib_poly1305_init((struct lib_poly1305_ctx *)desc, key);
}
EXPORT_SYMBOL(poly1305_init);

void poly1305_update(struct poly1305_desc_ctx *desc,
		     const u8 *src, unsigned int nbytes)
{
	lib_poly1305_update((struct lib_poly1305_ctx *)desc, src, nbytes);
}
EXPORT_SYMBOL(poly1305_update);

void poly1305_final(struct poly1305_desc_ctx *desc, u8 *dst)
{
	const size_t written = offsetof(struct lib_poly1305_ctx, powers);

	lib_poly1305_final((struct lib_poly1305_ctx *)desc, dst);
	/*
	 * The library does not write behind its context, nor to powers if there are
	 * none. Zero both all the same, as the kernel's own function does.
	 */
	memset((u8 *)desc + written, 0, sizeof(*desc) - written);
}
EXPORT_SYMBOL(poly1305_final);

MODULE_DESCRIPTION("Drop-in replacement for the kernel's libpoly1305 by lib_poly1305");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("LIB_POLY1305");
