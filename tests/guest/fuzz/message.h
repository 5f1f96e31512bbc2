/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a message of /dev/lib_poly1305 must be, without the device: its key, its bytes,
 * and how much of its tag was read. Plain data, so that it can be copied.
 */
#ifndef FUZZ_MESSAGE_H
#define FUZZ_MESSAGE_H

#include <stddef.h>

#define KEY_SIZE 32
#define TAG_SIZE 16

struct message {
	enum { IN_KEY, IN_BYTES, IN_TAG } stage;
	/* Bytes of the key that are there, or of the tag that were read. */
	size_t there;
	unsigned char key[KEY_SIZE];
	unsigned char tag[TAG_SIZE];
	/* Numbers of 26 bits, the lowest first. */
	unsigned long h[5], r[5];
	unsigned char block[16];
	size_t in_block;
};

/* Adds bytes, the first of which may be of the key. */
void message_add(struct message *message, const unsigned char *bytes, size_t len);

/* Ends the message, if that was not done. */
void message_end(struct message *message);

#endif
