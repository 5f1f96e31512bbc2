// SPDX-License-Identifier: GPL-2.0
/*
 * Poly1305 as RFC 8439 defines it, in numbers that are small enough for plain sums of
 * products: slow, and with nothing in common with the code that is tested.
 */
#include <string.h>

#include "message.h"

#define BITS 26
#define MASK ((1 << BITS) - 1)

/* The 17 bytes as five numbers. */
static void split(unsigned long *number, const unsigned char *bytes)
{
	int i;

	for (i = 0; i < 5; i++) {
		const unsigned char *at = bytes + BITS * i / 8;
		unsigned int word = at[0] | at[1] << 8 | at[2] << 16 | (unsigned int)at[3] << 24;

		number[i] = word >> (BITS * i % 8) & MASK;
	}
}

/* Leaves BITS in each number. What is above the highest counts five times: 2^130 = 5. */
static void carry(unsigned long *number)
{
	unsigned long over = 0;
	int i, round;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < 5; i++) {
			number[i] += over;
			over = number[i] >> BITS;
			number[i] &= MASK;
		}
		over *= 5;
	}
	number[0] += over;
}

/* h = (h + block + 2^(8 len)) * r */
static void absorb(struct message *message, const unsigned char *block, size_t len)
{
	unsigned char bytes[17] = { 0 };
	unsigned long number[5], product[10] = { 0 };
	int i, j;

	memcpy(bytes, block, len);
	bytes[len] = 1;
	split(number, bytes);
	for (i = 0; i < 5; i++)
		for (j = 0; j < 5; j++)
			product[i + j] += (message->h[i] + number[i]) * message->r[j];
	for (i = 0; i < 5; i++)
		message->h[i] = product[i] + 5 * product[i + 5];
	carry(message->h);
}

static void begin(struct message *message)
{
	unsigned char bytes[17] = { 0 };
	int i;

	memcpy(bytes, message->key, 16);
	for (i = 3; i < 16; i += 4)
		bytes[i] &= 15;
	for (i = 4; i < 16; i += 4)
		bytes[i] &= 252;
	split(message->r, bytes);
	message->stage = IN_BYTES;
}

void message_add(struct message *message, const unsigned char *bytes, size_t len)
{
	for (; len && message->stage == IN_KEY; len--) {
		message->key[message->there++] = *bytes++;
		if (message->there == KEY_SIZE)
			begin(message);
	}
	while (len) {
		size_t part = sizeof(message->block) - message->in_block;

		if (part > len)
			part = len;
		memcpy(message->block + message->in_block, bytes, part);
		message->in_block += part;
		bytes += part;
		len -= part;
		if (message->in_block == sizeof(message->block)) {
			absorb(message, message->block, sizeof(message->block));
			message->in_block = 0;
		}
	}
}

void message_end(struct message *message)
{
	unsigned long less[5], sum = 0;
	int i, bit;

	if (message->stage == IN_TAG)
		return;
	if (message->in_block)
		absorb(message, message->block, message->in_block);
	/* If h + 5 is 2^130 or more, that without this bit is h less the modulus. */
	carry(message->h);
	memcpy(less, message->h, sizeof(less));
	less[0] += 5;
	for (i = 0; i < 4; i++) {
		less[i + 1] += less[i] >> BITS;
		less[i] &= MASK;
	}
	if (less[4] >> BITS)
		memcpy(message->h, less, sizeof(less));
	for (i = 0; i < TAG_SIZE; i++) {
		for (bit = 8 * i; bit < 8 * i + 8; bit++)
			sum += (message->h[bit / BITS] >> bit % BITS & 1) << bit % 8;
		sum += message->key[16 + i];
		message->tag[i] = sum;
		sum >>= 8;
	}
	message->stage = IN_TAG;
	message->there = 0;
}
