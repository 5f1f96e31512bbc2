/* SPDX-License-Identifier: GPL-2.0 */
/**
 * DOC: Scatter lists and iterators
 *
 * Poly1305 of messages in scatter lists and behind an iov_iter. The bytes are
 * read in place. These functions do not copy, allocate, sleep or take a lock, and
 * may be called wherever lib_poly1305_update() may: in task, softirq and hardirq
 * context, not in NMI context. They do not reschedule, however long the message.
 *
 * They are inline functions on top of lib_poly1305_update(), not part of the
 * library's module: only modules that use them contain them. Rust code calls them
 * through lib_poly1305_sg.rs.
 */
#ifndef _LIB_POLY1305_SG_H
#define _LIB_POLY1305_SG_H

#include <lib_poly1305.h>
#include <linux/errno.h>
#include <linux/folio_queue.h>
#include <linux/iov_iter.h>
#include <linux/minmax.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/scatterlist.h>
#include <linux/uio.h>
#include <linux/xarray.h>

/*
 * An entry is read in one piece, through the direct map, which has all pages on
 * the 64-bit kernels that the library is for.
 */
#ifdef CONFIG_HIGHMEM
#error "lib_poly1305_sg.h needs a direct map of all pages: build the kernel without CONFIG_HIGHMEM"
#endif

/**
 * lib_poly1305_update_sg() - add message bytes from a scatter list
 * @ctx: the context, initialized by lib_poly1305_init()
 * @sg: the first entry; may be NULL if @offset and @len are 0. The list ends with
 *	the entry that sg_init_table() or sg_mark_end() marked. It may be chained,
 *	and entries may be empty or longer than a page. Lengths are those for the
 *	CPU, not those of a DMA mapping; no device may write to the memory.
 * @offset: how many bytes of the list to skip
 * @len: how many bytes to add after them
 *
 * The list is walked twice up to @offset + @len, so that a list that is too short
 * is detected before anything is added.
 *
 * Context: Any context but NMI.
 * Return: 0, or -EINVAL if the list has less than @offset + @len bytes; then @ctx
 * is unchanged
 */
static inline int lib_poly1305_update_sg(struct lib_poly1305_ctx *ctx,
					 struct scatterlist *sg, size_t offset,
					 size_t len)
{
	struct scatterlist *entry = sg;
	size_t skip = offset, missing = len;
	size_t part;

	/* offset + len may overflow. */
	for (; entry && (skip || missing); entry = sg_next(entry)) {
		part = min_t(size_t, skip, entry->length);
		skip -= part;
		missing -= min_t(size_t, missing, entry->length - part);
	}
	if (skip || missing)
		return -EINVAL;

	for (; len; sg = sg_next(sg)) {
		if (offset >= sg->length) {
			offset -= sg->length;
			continue;
		}
		part = min_t(size_t, len, sg->length - offset);
		lib_poly1305_update(ctx, (const u8 *)sg_virt(sg) + offset, part);
		offset = 0;
		len -= part;
	}
	return 0;
}

/* private: how many of @left bytes a segment has after its first @skip */
static inline size_t lib_poly1305_iter_take(size_t segment, size_t *skip,
					    size_t left)
{
	size_t part = min(left, segment - min(segment, *skip));

	*skip = 0;
	return part;
}

/* private: does the xarray have folios for the next @len bytes? */
static inline bool lib_poly1305_xarray_holds(const struct iov_iter *iter,
					     size_t len)
{
	loff_t pos = iter->xarray_start + iter->iov_offset;
	XA_STATE(xas, iter->xarray, pos / PAGE_SIZE);
	struct folio *folio;
	size_t part;

	rcu_read_lock();
	xas_for_each(&xas, folio, ULONG_MAX) {
		if (xas_retry(&xas, folio))
			continue;
		/* iterate_and_advance() would not notice a gap. */
		if (xa_is_value(folio) || folio_test_hugetlb(folio) ||
		    xas.xa_index != pos / PAGE_SIZE)
			break;
		part = folio_size(folio) - offset_in_folio(folio, pos);
		part = min(part, len);
		pos += part;
		len -= part;
		if (!len)
			break;
	}
	rcu_read_unlock();
	return !len;
}

/* private: does the folio queue have the next @len bytes? */
static inline bool lib_poly1305_folioq_holds(const struct iov_iter *iter,
					     size_t len)
{
	const struct folio_queue *queue = iter->folioq;
	unsigned int slot = iter->folioq_slot;
	size_t skip = iter->iov_offset;

	while (len && queue) {
		if (slot == folioq_nr_slots(queue)) {
			queue = queue->next;
			slot = 0;
			continue;
		}
		/* Slots that were never filled may hold anything. */
		if (slot >= folio_batch_count(&queue->vec) ||
		    !folioq_folio(queue, slot))
			break;
		len -= lib_poly1305_iter_take(folioq_folio_size(queue, slot),
					      &skip, len);
		slot++;
	}
	return !len;
}

/* private: do the segments behind the iterator have the next @len bytes? */
static inline bool lib_poly1305_iter_holds(const struct iov_iter *iter,
					   size_t len)
{
	size_t skip = iter->iov_offset;
	unsigned long i;

	/* The count may be larger than what the segments have. */
	if (len > iov_iter_count(iter))
		return false;
	if (iov_iter_is_folioq(iter))
		return lib_poly1305_folioq_holds(iter, len);
	if (iov_iter_is_xarray(iter))
		return !len || lib_poly1305_xarray_holds(iter, len);
	if (iov_iter_is_kvec(iter)) {
		for (i = 0; len && i < iter->nr_segs; i++)
			len -= lib_poly1305_iter_take(iter->kvec[i].iov_len,
						      &skip, len);
		return !len;
	}
	if (iov_iter_is_bvec(iter)) {
		for (i = 0; len && i < iter->nr_segs; i++)
			len -= lib_poly1305_iter_take(iter->bvec[i].bv_len,
						      &skip, len);
		return !len;
	}
	return false;
}

/* private: the step function of iterate_and_advance_kernel() */
static __always_inline size_t lib_poly1305_iter_step(void *base, size_t progress,
						     size_t len, void *ctx,
						     void *unused)
{
	lib_poly1305_update(ctx, base, len);
	return 0;
}

/**
 * lib_poly1305_update_iter() - add message bytes from an iterator
 * @ctx: the context, initialized by lib_poly1305_init()
 * @iter: the iterator, over a kvec, a bvec, a folio queue or an xarray of folios,
 *	  of either direction
 * @len: how many bytes to add; on success @iter is advanced by as many
 *
 * The segments or folios are walked twice, so that an early end or a missing
 * folio is detected before anything is added. They must not change meanwhile: the
 * caller keeps folios of a page cache in place, for example by their lock, as for
 * any other use of the iterator.
 *
 * User memory is refused: reading it may fault and sleep, and the process can
 * change it after its tag was checked. Copy it by copy_from_iter(), add the copy,
 * and use the copy afterwards.
 *
 * Context: Any context but NMI.
 * Return: 0 or an error, after which @ctx and @iter are unchanged:
 *
 * * %-EFAULT: the iterator is over user memory (ITER_UBUF, ITER_IOVEC).
 * * %-EINVAL: it has less than @len bytes, by its count or by its segments, or
 *   none that can be read (ITER_DISCARD).
 */
static inline int lib_poly1305_update_iter(struct lib_poly1305_ctx *ctx,
					   struct iov_iter *iter, size_t len)
{
	if (user_backed_iter(iter))
		return -EFAULT;
	if (iov_iter_is_discard(iter) || !lib_poly1305_iter_holds(iter, len))
		return -EINVAL;
	iterate_and_advance_kernel(iter, len, ctx, NULL, lib_poly1305_iter_step);
	return 0;
}

#endif /* _LIB_POLY1305_SG_H */
