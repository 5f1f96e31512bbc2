/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LIB_POLY1305_BENCH_CALL_H
#define LIB_POLY1305_BENCH_CALL_H

#include <stddef.h>

typedef void (*mac_fn)(unsigned char *tag, const unsigned char *key,
		       const unsigned char *data, size_t len);

/* Calls a function between the addresses count_begin and count_end. */
void count(mac_fn mac, unsigned char *tag, const unsigned char *key,
	   const unsigned char *data, size_t len);

/* Does nothing. */
void nothing(unsigned char *tag, const unsigned char *key,
	     const unsigned char *data, size_t len);

#endif /* LIB_POLY1305_BENCH_CALL_H */
