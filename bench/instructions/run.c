// SPDX-License-Identifier: GPL-2.0
/*
 * run LENGTH,LENGTH... NAME OBJECT SYMBOL [NAME OBJECT SYMBOL]...: computes tags
 * of messages of these lengths by functions of shared objects, and prints a line
 * "NAME LENGTH" for each call that is to be counted.
 *
 * Several messages of each length, each under another key, show whether the
 * count depends on these. All functions must compute the same tags. The first
 * name is "nothing", which is what a call takes of a function that does nothing.
 */
#include <dlfcn.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"

#define MESSAGES	3
#define LONGEST		65536

static alignas(64) unsigned char data[LONGEST];
static unsigned char keys[MESSAGES][32];

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "error: %s: %s\n", what, why);
	exit(1);
}

static mac_fn find(const char *object, const char *symbol)
{
	void *opened = dlopen(object, RTLD_NOW | RTLD_LOCAL);
	void *found = opened ? dlsym(opened, symbol) : NULL;

	if (!found)
		fail(object, dlerror());
	return (mac_fn)found;
}

/* New random bytes everywhere: splitmix64. */
static void fill(void *bytes, size_t len)
{
	static unsigned long state = 1;
	unsigned long word, i;

	for (i = 0; i < len; i += sizeof(word)) {
		word = state += 0x9e3779b97f4a7c15;
		word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
		word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
		word ^= word >> 31;
		memcpy((char *)bytes + i, &word, sizeof(word));
	}
}

static void one_length(size_t len, char **names, mac_fn *macs, int count_of)
{
	unsigned char tag[16], expected[16];
	int message, i;

	for (message = 0; message < MESSAGES; message++) {
		fill(data, len);
		for (i = 0; i < count_of; i++) {
			/* The first call is not counted, whatever it prepares. */
			macs[i](tag, keys[message], data, len);
			memset(tag, 0, sizeof(tag));
			printf("%s %zu\n", names[i], len);
			count(macs[i], tag, keys[message], data, len);
			if (i == 1)
				memcpy(expected, tag, sizeof(tag));
			else if (i > 1 && memcmp(expected, tag, sizeof(tag)))
				fail(names[i], "computes another tag");
		}
	}
}

int main(int argc, char **argv)
{
	char **names = calloc(argc, sizeof(*names)), *lengths;
	mac_fn *macs = calloc(argc, sizeof(*macs));
	int i, found = 1;
	size_t len;

	if (argc < 5 || argc % 3 != 2 || !names || !macs)
		fail(argv[0], "usage: run LENGTH,LENGTH... NAME OBJECT SYMBOL...");
	names[0] = "nothing";
	macs[0] = nothing;
	for (i = 2; i < argc; i += 3) {
		names[found] = argv[i];
		macs[found++] = find(argv[i + 1], argv[i + 2]);
	}
	fill(keys, sizeof(keys));
	for (lengths = strtok(argv[1], ","); lengths; lengths = strtok(NULL, ",")) {
		len = strtoul(lengths, NULL, 10);
		if (len > LONGEST)
			fail(lengths, "longer than a message may be here");
		one_length(len, names, macs, found);
	}
	return 0;
}
