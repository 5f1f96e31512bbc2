// SPDX-License-Identifier: GPL-2.0
/*
 * What is executed around a call that is counted. It is apart from run.c so
 * that no call is in line, and all of them are made in the same way.
 */
#include "call.h"

/* Instructions that do nothing, at addresses that have names. */
void count(mac_fn mac, unsigned char *tag, const unsigned char *key,
	   const unsigned char *data, size_t len)
{
	asm volatile(".globl count_begin\ncount_begin: nop" : : : "memory");
	mac(tag, key, data, len);
	asm volatile(".globl count_end\ncount_end: nop" : : : "memory");
}

void nothing(unsigned char *tag, const unsigned char *key,
	     const unsigned char *data, size_t len)
{
}
