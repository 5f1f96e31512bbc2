// SPDX-License-Identifier: GPL-2.0
/*
 * A template of a caller: copy this folder, and change its files.
 *
 * When it is loaded, it computes the tag of RFC 8439 section 2.5.2 in two ways. If one
 * is wrong, loading fails.
 */
#include <lib_poly1305.h>
#include <linux/module.h>

/* A key is for one message. Yours comes from a cipher and a nonce. */
static const u8 key[LIB_POLY1305_KEY_SIZE] = {
	0x85, 0xd6, 0xbe, 0x78, 0x57, 0x55, 0x6d, 0x33,
	0x7f, 0x44, 0x52, 0xfe, 0x42, 0xd5, 0x06, 0xa8,
	0x01, 0x03, 0x80, 0x8a, 0xfb, 0x0d, 0xb2, 0xfd,
	0x4a, 0xbf, 0xf6, 0xaf, 0x41, 0x49, 0xf5, 0x1b,
};

static const char message[] = "Cryptographic Forum Research Group";

static const u8 tag[LIB_POLY1305_TAG_SIZE] = {
	0xa8, 0x06, 0x1d, 0xc1, 0x30, 0x51, 0x36, 0xc6,
	0xc2, 0x2b, 0x8b, 0xaf, 0x0c, 0x01, 0x27, 0xa9,
};

static int __init template_init(void)
{
	const u8 *data = (const u8 *)message;
	const size_t len = sizeof(message) - 1;
	struct lib_poly1305_ctx ctx;
	u8 computed[LIB_POLY1305_TAG_SIZE];

	/*
	 * The whole message is in one buffer. The tags are compared in constant time,
	 * which memcmp() does not do.
	 */
	if (!lib_poly1305_verify(tag, key, data, len))
		goto wrong;

	/* The message comes in pieces. */
	lib_poly1305_init(&ctx, key);
	lib_poly1305_update(&ctx, data, 13);
	lib_poly1305_update(&ctx, data + 13, len - 13);
	lib_poly1305_final(&ctx, computed);
	if (memcmp(computed, tag, sizeof(tag)))
		goto wrong;

	pr_info("template_c: the tag is right\n");
	return 0;

wrong:
	pr_err("template_c: the tag is wrong\n");
	return -EBADMSG;
}
module_init(template_init);

static void __exit template_exit(void)
{
}
module_exit(template_exit);

MODULE_DESCRIPTION("Template of a caller of lib_poly1305 in C");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("LIB_POLY1305");
