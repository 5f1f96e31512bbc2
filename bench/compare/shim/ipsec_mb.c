// SPDX-License-Identifier: GPL-2.0
/*
 * Poly1305 by ipsec-mb, whose interface is structures of its header. Built if
 * that is installed.
 */
#include <intel-ipsec-mb.h>
#include <stddef.h>

static struct IMB_MGR *manager;

/* Prepares ipsec-mb for this CPU. Returns 0 if it works. */
int ipsec_mb_open(void)
{
	manager = alloc_mb_mgr(0);
	if (!manager)
		return -1;
	init_mb_mgr_auto(manager, NULL);
	return imb_get_errno(manager);
}

/* The tag of a whole message: one job. */
void ipsec_mb_mac(unsigned char tag[16], const unsigned char key[32],
		  const unsigned char *data, size_t len)
{
	IMB_JOB *job = IMB_GET_NEXT_JOB(manager);

	job->cipher_mode = IMB_CIPHER_NULL;
	job->cipher_direction = IMB_DIR_ENCRYPT;
	job->chain_order = IMB_ORDER_HASH_CIPHER;
	job->hash_alg = IMB_AUTH_POLY1305;
	job->u.POLY1305._key = key;
	job->src = data;
	job->hash_start_src_offset_in_bytes = 0;
	job->msg_len_to_hash_in_bytes = len;
	job->auth_tag_output = tag;
	job->auth_tag_output_len_in_bytes = 16;
	IMB_SUBMIT_JOB_NOCHECK(manager);
}
