/* SPDX-License-Identifier: GPL-2.0 */
/* Scatter lists and iterators for the tests, which Rust cannot make. */
#ifndef _LIB_POLY1305_KUNIT_SG_HELPERS_H
#define _LIB_POLY1305_KUNIT_SG_HELPERS_H

#include "../include/lib_poly1305_sg_functions.h"

/* Some bytes of a message, in memory of kmalloc(). */
struct lib_poly1305_kunit_piece {
	const __u8 *data;
	size_t len;
};

/*
 * Makes a scatter list with an entry for each piece, in tables of per_table
 * entries that are chained. Returns NULL if memory runs out.
 */
struct scatterlist *
lib_poly1305_kunit_sg(const struct lib_poly1305_kunit_piece *pieces,
		      unsigned int count, unsigned int per_table);
void lib_poly1305_kunit_sg_free(struct scatterlist *sg);

/* The kinds of iterators: */
#define LIB_POLY1305_KUNIT_KVEC		0
#define LIB_POLY1305_KUNIT_BVEC		1
/* user memory, which is not read */
#define LIB_POLY1305_KUNIT_UBUF		2
#define LIB_POLY1305_KUNIT_IOVEC	3
/* nothing */
#define LIB_POLY1305_KUNIT_DISCARD	4

/*
 * Makes an iterator over the pieces with a count of len. Returns NULL if memory runs
 * out.
 */
struct iov_iter *
lib_poly1305_kunit_iter(unsigned int kind,
			const struct lib_poly1305_kunit_piece *pieces,
			unsigned int count, size_t len);

/* Makes one that writes to memory. Returns NULL if memory runs out. */
struct iov_iter *lib_poly1305_kunit_iter_to(__u8 *data, size_t len);

/*
 * Makes an iterator over a copy of the piece in folios, which begins at offset in the
 * first of them: in a queue, whose first folio has two pages, or in an xarray
 * without the folio number missing. Its count is larger by more. Returns NULL if
 * memory runs out.
 */
struct iov_iter *
lib_poly1305_kunit_folios(bool queue,
			  const struct lib_poly1305_kunit_piece *piece,
			  size_t offset, size_t more, unsigned int missing);

/* Folios in a segment of a queue. */
#define LIB_POLY1305_KUNIT_SEGMENT	31

/* Changes the direction of an iterator. */
void lib_poly1305_kunit_iter_turn(struct iov_iter *iter);

size_t lib_poly1305_kunit_iter_count(const struct iov_iter *iter);
void lib_poly1305_kunit_iter_free(struct iov_iter *iter);

#endif /* _LIB_POLY1305_KUNIT_SG_HELPERS_H */
