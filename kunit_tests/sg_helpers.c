// SPDX-License-Identifier: GPL-2.0
#include <linux/bvec.h>
#include <linux/folio_queue.h>
#include <linux/gfp.h>
#include <linux/pagemap.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/xarray.h>

#include "sg_helpers.h"

struct scatterlist *
lib_poly1305_kunit_sg(const struct lib_poly1305_kunit_piece *pieces,
		      unsigned int count, unsigned int per_table)
{
	unsigned int tables = DIV_ROUND_UP(count, per_table);
	struct scatterlist *all, *table = NULL;
	unsigned int i, slot;

	/* One entry of each table is its link to the next one. */
	all = kcalloc(tables, (per_table + 1) * sizeof(*all), GFP_KERNEL);
	if (!all)
		return NULL;
	for (i = 0; i < count; i++) {
		slot = i % per_table;
		if (slot == 0) {
			struct scatterlist *last = table;

			table = all + i / per_table * (per_table + 1);
			sg_init_table(table, min(count - i, per_table + 1));
			if (last)
				sg_chain(last, per_table + 1, table);
		}
		/* Who has no bytes need not have a page. */
		if (pieces[i].len)
			sg_set_buf(&table[slot], pieces[i].data, pieces[i].len);
	}
	sg_mark_end(&table[(count - 1) % per_table]);
	return all;
}

void lib_poly1305_kunit_sg_free(struct scatterlist *sg)
{
	kfree(sg);
}

/* The number of folios in a segment of a queue, which has at most two segments here. */
#define SEGMENT FOLIO_BATCH_SIZE
#define FOLIOS (2 * SEGMENT)
static_assert(SEGMENT == LIB_POLY1305_KUNIT_SEGMENT);

/* An iterator and its memory. */
struct iteration {
	struct iov_iter iter;
	struct xarray xarray;
	struct folio_queue queue[FOLIOS / SEGMENT];
	struct folio *folios[FOLIOS];
	union {
		struct kvec kvec;
		struct bio_vec bvec;
		struct iovec iovec;
	} vectors[];
};

struct iov_iter *
lib_poly1305_kunit_iter(unsigned int kind,
			const struct lib_poly1305_kunit_piece *pieces,
			unsigned int count, size_t len)
{
	struct iteration *it;
	struct bio_vec *bvecs;
	struct kvec *kvecs;
	unsigned int i;

	it = kzalloc_flex(*it, vectors, count);
	if (!it)
		return NULL;
	xa_init(&it->xarray);
	kvecs = (struct kvec *)it->vectors;
	bvecs = (struct bio_vec *)it->vectors;
	switch (kind) {
	case LIB_POLY1305_KUNIT_KVEC:
		for (i = 0; i < count; i++) {
			kvecs[i].iov_base = (void *)pieces[i].data;
			kvecs[i].iov_len = pieces[i].len;
		}
		iov_iter_kvec(&it->iter, ITER_SOURCE, kvecs, count, len);
		break;
	case LIB_POLY1305_KUNIT_BVEC:
		for (i = 0; i < count; i++)
			bvec_set_virt(&bvecs[i], (void *)pieces[i].data,
				      pieces[i].len);
		iov_iter_bvec(&it->iter, ITER_SOURCE, bvecs, count, len);
		break;
	case LIB_POLY1305_KUNIT_UBUF:
		iov_iter_ubuf(&it->iter, ITER_SOURCE, NULL, len);
		break;
	case LIB_POLY1305_KUNIT_IOVEC:
		iov_iter_init(&it->iter, ITER_SOURCE,
			      (struct iovec *)it->vectors, count, len);
		break;
	case LIB_POLY1305_KUNIT_DISCARD:
		/* The kernel has it as a destination only. */
		iov_iter_discard(&it->iter, ITER_DEST, len);
		it->iter.data_source = ITER_SOURCE;
		break;
	}
	return &it->iter;
}

struct iov_iter *lib_poly1305_kunit_iter_to(u8 *data, size_t len)
{
	const struct lib_poly1305_kunit_piece piece = { data, len };
	struct iov_iter *iter;

	iter = lib_poly1305_kunit_iter(LIB_POLY1305_KUNIT_KVEC, &piece, 1, len);
	if (iter)
		lib_poly1305_kunit_iter_turn(iter);
	return iter;
}

struct iov_iter *
lib_poly1305_kunit_folios(bool queue,
			  const struct lib_poly1305_kunit_piece *piece,
			  size_t offset, size_t more, unsigned int missing)
{
	const u8 *data = piece->data;
	size_t place = offset, left = piece->len;
	/* Where the first folio is in the xarray. */
	const pgoff_t first = 3;
	struct iteration *it;
	unsigned int i;

	it = kzalloc_obj(*it);
	if (!it)
		return NULL;
	xa_init(&it->xarray);
	/* Slots that are not filled hold anything. */
	memset(it->queue, 0x6b, sizeof(it->queue));
	folioq_init(&it->queue[0], 0);
	for (i = 0; i < FOLIOS && left; i++) {
		/* An xarray has larger folios only by another option. */
		struct folio *folio = folio_alloc(GFP_KERNEL, queue && i == 0);
		size_t part;

		if (!folio)
			goto no_memory;
		it->folios[i] = folio;
		part = min(left, folio_size(folio) - place);
		memcpy(folio_address(folio) + place, data, part);
		data += part;
		left -= part;
		place = 0;
		if (queue) {
			if (i == SEGMENT) {
				folioq_init(&it->queue[1], 0);
				it->queue[0].next = &it->queue[1];
				it->queue[1].prev = &it->queue[0];
			}
			folioq_append(&it->queue[i / SEGMENT], folio);
		} else if (i != missing &&
			   xa_err(xa_store(&it->xarray, first + i, folio, GFP_KERNEL))) {
			goto no_memory;
		}
	}
	if (queue)
		iov_iter_folio_queue(&it->iter, ITER_SOURCE, it->queue, 0,
				     offset, piece->len + more);
	else
		iov_iter_xarray(&it->iter, ITER_SOURCE, &it->xarray,
				first * PAGE_SIZE + offset, piece->len + more);
	return &it->iter;

no_memory:
	lib_poly1305_kunit_iter_free(&it->iter);
	return NULL;
}

void lib_poly1305_kunit_iter_turn(struct iov_iter *iter)
{
	iter->data_source = !iter->data_source;
}

size_t lib_poly1305_kunit_iter_count(const struct iov_iter *iter)
{
	return iov_iter_count(iter);
}

void lib_poly1305_kunit_iter_free(struct iov_iter *iter)
{
	struct iteration *it = container_of(iter, struct iteration, iter);
	unsigned int i;

	xa_destroy(&it->xarray);
	for (i = 0; i < FOLIOS && it->folios[i]; i++)
		folio_put(it->folios[i]);
	kfree(it);
}
