// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that calls are given: pages that can be written, read only, or not accessed,
 * next to each other.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "device.h"

/* For each page: w is written, r only read, - not accessed, and a space is not there. */
static const char kinds[] = "wwwwww-wr wwr-rw ";

#define PAGES (sizeof(kinds) - 1)

unsigned char *arena;
static unsigned char shadow[PAGES * PAGE];

void begin_memory(void)
{
	size_t i;

	arena = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (arena == MAP_FAILED)
		fail("mmap", -errno, 0);
	for (i = 0; i < PAGES * PAGE; i++)
		arena[i] = draw(8) ? draw(256) : 0xff;
	for (i = 0; i < PAGES; i++) {
		unsigned char *page = arena + i * PAGE;
		int rc = 0;

		switch (kinds[i]) {
		case 'r':
			rc = mprotect(page, PAGE, PROT_READ);
			break;
		case '-':
			rc = mprotect(page, PAGE, PROT_NONE);
			break;
		case ' ':
			rc = munmap(page, PAGE);
		}
		if (rc)
			fail("protection of memory", -errno, 0);
	}
}

/* Often next to the edge of a page, and short. */
struct iovec pick_piece(void)
{
	static const size_t most[] = { 1, 20, 40, 40, 80, 400, 4000, 4000, 20000 };
	size_t at = draw(PAGES) * PAGE, len = draw(most[draw(9)] + 1), back;

	switch (draw(4)) {
	case 0:
		at += draw(PAGE);
		break;
	case 1:
		/* Some bytes before the page. */
		back = draw(60);
		at -= back < at ? back : at;
		break;
	case 2:
		/* As many as there are, or a few less. */
		at -= len < at ? len : 0;
		at += draw(4);
	}
	if (at + len > PAGES * PAGE)
		len = PAGES * PAGE - at;
	return (struct iovec){ arena + at, len };
}

size_t accessible(const unsigned char *at, size_t len, bool writing)
{
	size_t start = at - arena, end = start;

	while (end < start + len) {
		char kind = kinds[end / PAGE];

		if (kind != 'w' && (writing || kind != 'r'))
			return end - start;
		end = (end / PAGE + 1) * PAGE;
	}
	return len;
}

void shadow_keep(void)
{
	size_t i;

	for (i = 0; i < PAGES; i++)
		if (kinds[i] == 'w')
			memcpy(shadow + i * PAGE, arena + i * PAGE, PAGE);
}

void shadow_expect(const struct iovec *pieces, const unsigned char *bytes, size_t len)
{
	size_t i;

	for (; len; pieces++) {
		size_t part = pieces->iov_len < len ? pieces->iov_len : len;

		memcpy(shadow + ((unsigned char *)pieces->iov_base - arena), bytes, part);
		bytes += part;
		len -= part;
	}
	for (i = 0; i < PAGES; i++)
		if (kinds[i] == 'w' && memcmp(shadow + i * PAGE, arena + i * PAGE, PAGE))
			fail("what is read: the number of a page that has other bytes", i, -1);
}

void lose_page(void)
{
	size_t page = draw(PAGES);

	if (kinds[page] == 'w' && madvise(arena + page * PAGE, PAGE, MADV_DONTNEED))
		fail("madvise", -errno, 0);
}
