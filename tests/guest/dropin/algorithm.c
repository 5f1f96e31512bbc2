// SPDX-License-Identifier: GPL-2.0
/*
 * Has the kernel make an algorithm, by name, and holds it while this module is
 * loaded. Where the kernel has self-tests, it tests what it makes; a process
 * cannot ask for all that code of the kernel can.
 */
#include <crypto/aead.h>
#include <crypto/skcipher.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/module.h>

static char *aead;
module_param(aead, charp, 0444);
MODULE_PARM_DESC(aead, "the name of an AEAD");

static char *skcipher;
module_param(skcipher, charp, 0444);
MODULE_PARM_DESC(skcipher, "the name of a cipher");

static struct crypto_aead *made_aead;
static struct crypto_skcipher *made_skcipher;

static int __init algorithm_init(void)
{
	if (!aead == !skcipher)
		return -EINVAL;
	if (aead) {
		made_aead = crypto_alloc_aead(aead, 0, 0);
		return PTR_ERR_OR_ZERO(made_aead);
	}
	made_skcipher = crypto_alloc_skcipher(skcipher, 0, 0);
	return PTR_ERR_OR_ZERO(made_skcipher);
}
module_init(algorithm_init);

static void __exit algorithm_exit(void)
{
	if (made_aead)
		crypto_free_aead(made_aead);
	if (made_skcipher)
		crypto_free_skcipher(made_skcipher);
}
module_exit(algorithm_exit);

MODULE_DESCRIPTION("Makes an algorithm of the kernel, for tests");
MODULE_LICENSE("GPL");
