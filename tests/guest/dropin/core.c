// SPDX-License-Identifier: GPL-2.0
/*
 * For tests of the module in place of the kernel's libpoly1305: an implementation
 * that counts its calls, which shows whose code the kernel's own users run, and
 * a comparison of the core functions, of which those use little. The module does
 * not load if any of them computes something else than it should.
 *
 * The parameter "calls" counts.
 */
#include <crypto/internal/poly1305.h>
#include <lib_poly1305_provider.h>
#include <linux/array_size.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/unaligned.h>

/* Calls on two CPUs at once may count as one. */
static unsigned long calls;
module_param(calls, ulong, 0444);
MODULE_PARM_DESC(calls, "read only: how many calls there were");

/* One block with 2^128 bit added, by the definition in base 2^64. */
static void absorb(__u64 h[3], const __u64 r[2], const u8 *block, u64 bit)
{
	/* r[1] is divisible by four: 2^128 is 5/4 here. */
	const u64 s = r[1] + (r[1] >> 2);
	u128 d0, d1;
	u64 five;

	d0 = (u128)h[0] + get_unaligned_le64(block);
	d1 = (u128)h[1] + get_unaligned_le64(block + 8) + (u64)(d0 >> 64);
	h[0] = d0;
	h[1] = d1;
	h[2] += (u64)(d1 >> 64) + bit;

	d0 = (u128)h[0] * r[0] + (u128)h[1] * s;
	d1 = (u128)h[0] * r[1] + (u128)h[1] * r[0] + h[2] * s + (d0 >> 64);
	h[2] = h[2] * r[0] + (u64)(d1 >> 64);

	five = (h[2] >> 2) + (h[2] & ~3ULL);
	d0 = (u128)(u64)d0 + five;
	d1 = (u128)(u64)d1 + (u64)(d0 >> 64);
	h[0] = d0;
	h[1] = d1;
	h[2] = (h[2] & 3) + (u64)(d1 >> 64);
}

static void counting_blocks(struct lib_poly1305_state *state,
			    struct lib_poly1305_workspace *workspace, const __u8 *data,
			    size_t nblocks)
{
	WRITE_ONCE(calls, calls + 1);
	for (; nblocks; nblocks--, data += LIB_POLY1305_BLOCK_SIZE)
		absorb(state->h, state->r, data, 1);
}

/* Of no priority to speak of: tests select it. */
static const struct lib_poly1305_ops counting = {
	.abi_version = LIB_POLY1305_ABI_VERSION,
	.size = sizeof(struct lib_poly1305_ops),
	.name = "test-counting",
	.owner = THIS_MODULE,
	.priority = 1,
	.blocks = counting_blocks,
};

static bool __init same(const struct poly1305_state *a,
			const struct poly1305_state *b)
{
	static const u32 nonce[4] = { 1, 2, 3, 0xffffffff };
	u8 tag[2][POLY1305_DIGEST_SIZE];

	poly1305_core_emit(a, nonce, tag[0]);
	poly1305_core_emit(b, nonce, tag[1]);
	return !memcmp(tag[0], tag[1], sizeof(tag[0]));
}

/* Three blocks of one byte, under a key of one byte, from this sum. */
static bool __init blocks_hold(const u64 sum[3], u8 key_byte, u8 byte, u32 bit)
{
	u8 raw[POLY1305_BLOCK_SIZE], data[3 * POLY1305_BLOCK_SIZE];
	struct poly1305_state state, expected;
	struct poly1305_core_key key;
	int i;

	memset(raw, key_byte, sizeof(raw));
	memset(data, byte, sizeof(data));
	poly1305_core_setkey(&key, raw);
	memcpy(state.h64, sum, sizeof(state.h64));
	expected = state;
	poly1305_core_blocks(&state, &key, data, 3, bit);
	for (i = 0; i < 3; i++)
		absorb(expected.h64, key.key.r64,
		       data + i * POLY1305_BLOCK_SIZE, bit);
	return same(&state, &expected);
}

/* Catches a block without the bit that is absorbed with it, or a lost carry. */
static bool __init all_blocks_hold(void)
{
	static const u64 sums[][3] __initconst = {
		{ 0, 0, 0 }, { 4, 0, 0 }, { 5, 0, 0 }, { 0, 0, 1 },
		{ 4, 0, 1 }, { 4, 0, 2 }, { 4, 0, 4 },
		{ ~0ULL, ~0ULL, 0 }, { ~0ULL, ~0ULL, 1 },
		{ ~0ULL, ~0ULL, 3 }, { ~0ULL, ~0ULL, 4 },
		{ ~0ULL - 5, ~0ULL, 3 }, { ~0ULL - 4, ~0ULL, 3 },
	};
	static const u8 bytes[] __initconst = { 0x00, 0x01, 0x80, 0xff };
	int i, j, k;

	for (i = 0; i < ARRAY_SIZE(sums); i++) {
		for (j = 0; j < ARRAY_SIZE(bytes); j++) {
			for (k = 0; k < ARRAY_SIZE(bytes); k++) {
				if (!blocks_hold(sums[i], bytes[j], bytes[k], 0) ||
				    !blocks_hold(sums[i], bytes[j], bytes[k], 1))
					return false;
			}
		}
	}
	return true;
}

/* A message by the core functions, as libpoly1305 is documented. */
static void __init mac_by_core(u8 *tag, const u8 *raw, const u8 *data,
			       unsigned int len)
{
	const unsigned int whole = len / POLY1305_BLOCK_SIZE;
	u8 last[POLY1305_BLOCK_SIZE] = {};
	struct poly1305_core_key key;
	struct poly1305_state state;
	u32 nonce[4];
	int i;

	for (i = 0; i < ARRAY_SIZE(nonce); i++)
		nonce[i] = get_unaligned_le32(raw + POLY1305_BLOCK_SIZE + 4 * i);
	poly1305_core_setkey(&key, raw);
	poly1305_core_init(&state);
	poly1305_core_blocks(&state, &key, data, whole, 1);
	if (len % POLY1305_BLOCK_SIZE) {
		memcpy(last, data + whole * POLY1305_BLOCK_SIZE,
		       len % POLY1305_BLOCK_SIZE);
		last[len % POLY1305_BLOCK_SIZE] = 1;
		poly1305_core_blocks(&state, &key, last, 1, 0);
	}
	poly1305_core_emit(&state, nonce, tag);
	/* Without a nonce nothing is added, as by one of zeroes. */
	if (!(nonce[0] | nonce[1] | nonce[2] | nonce[3]))
		poly1305_core_emit(&state, NULL, tag);
}

/*
 * Catches core functions that are not Poly1305, state that is not copied, and what
 * is left of it.
 */
static bool __init messages_hold(void)
{
	static u8 data[1100] __initdata;
	struct poly1305_desc_ctx desc, copy;
	u8 raw[POLY1305_KEY_SIZE], tag[3][POLY1305_DIGEST_SIZE];
	struct rnd_state random;
	unsigned int len;

	prandom_seed_state(&random, 8439);
	prandom_bytes_state(&random, data, sizeof(data));
	for (len = 0; len <= sizeof(data); len++) {
		prandom_bytes_state(&random, raw, sizeof(raw));
		if (len % 2)
			memset(raw + POLY1305_BLOCK_SIZE, 0, POLY1305_BLOCK_SIZE);
		memset(&desc, 0xff, sizeof(desc));
		poly1305_init(&desc, raw);
		poly1305_update(&desc, data, len / 3);
		memcpy(&copy, &desc, sizeof(copy));
		poly1305_update(&desc, data + len / 3, len - len / 3);
		poly1305_final(&desc, tag[0]);
		poly1305_update(&copy, data + len / 3, len - len / 3);
		poly1305_final(&copy, tag[1]);
		mac_by_core(tag[2], raw, data, len);
		if (memcmp(tag[0], tag[1], sizeof(tag[0])) ||
		    memcmp(tag[0], tag[2], sizeof(tag[0])) ||
		    memchr_inv(&desc, 0, sizeof(desc)))
			return false;
	}
	return true;
}

static int __init dropin_test_init(void)
{
	if (!all_blocks_hold()) {
		pr_err("lib_poly1305_dropin_test: wrong blocks\n");
		return -EBADMSG;
	}
	if (!messages_hold()) {
		pr_err("lib_poly1305_dropin_test: wrong tags\n");
		return -EBADMSG;
	}
	return lib_poly1305_register(&counting);
}
module_init(dropin_test_init);

static void __exit dropin_test_exit(void)
{
	lib_poly1305_unregister(&counting);
}
module_exit(dropin_test_exit);

MODULE_DESCRIPTION("Test of what is in place of the kernel's libpoly1305");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("LIB_POLY1305");
MODULE_IMPORT_NS("LIB_POLY1305_PROVIDER");
