/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Poly1305 of messages that lie in several places: scatter lists and iov_iter.
 *
 * The bytes are read where they are. Nothing here copies them, allocates, sleeps
 * or takes a lock, so that these functions may be called where
 * lib_poly1305_update() may: in task, softirq and hardirq context, not from NMI.
 * A long message takes its time with whatever the caller has disabled.
 *
 * They are inline functions on top of that one, and not part of the library's
 * module: who does not need them does not load them. Rust code calls them by
 * lib_poly1305_sg.rs.
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
 * An entry is read in one piece, at its address in the direct map. All pages
 * have one in a kernel for 64 bits, as the library asks for.
 */
#ifdef CONFIG_HIGHMEM
#error "lib_poly1305_sg.h reads pages by the direct map: build the kernel without CONFIG_HIGHMEM"
#endif

/**
 * lib_poly1305_update_sg() - add message bytes that a scatter list holds
 * @ctx: the context, begun with lib_poly1305_init()
 * @sg: the first entry. The list ends with the entry that is marked as its end,
 *	as sg_init_table() does, and may be chained; entries may be empty, and
 *	of any size. May be NULL if @offset and @len are 0. Lengths are those for
 *	the CPU: a DMA mapping does not matter, but a device must not write.
 * @offset: how many bytes of the list to leave out at its beginning
 * @len: how many bytes to add
 *
 * The entries up to @offset + @len are looked at twice, so that a list that is
 * too short is noticed before anything is added.
 *
 * Context: Any context but NMI.
 * Return: 0, or -EINVAL if the list holds less than @offset + @len bytes: then
 * nothing was added, and @ctx is as it was
 */
static inline int lib_poly1305_update_sg(struct lib_poly1305_ctx *ctx,
					 struct scatterlist *sg, size_t offset,
					 size_t len)
{
	struct scatterlist *entry = sg;
	size_t skip = offset, missing = len;
	size_t part;

	/* Not by the sum of both, which may overflow. */
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

/* private: takes up to @left bytes of a segment after the first @skip of it */
static inline size_t lib_poly1305_iter_take(size_t segment, size_t *skip,
					    size_t left)
{
	size_t part = min(left, segment - min(segment, *skip));

	*skip = 0;
	return part;
}

/* private: whether the folios of an xarray hold the next @len bytes */
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
		/* What follows a gap would be taken for what is missing. */
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

/* private: whether a queue of folios holds the next @len bytes */
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

/* private: whether what the iterator goes over holds the next @len bytes */
static inline bool lib_poly1305_iter_holds(const struct iov_iter *iter,
					   size_t len)
{
	size_t skip = iter->iov_offset;
	unsigned long i;

	/* Its count is what somebody has said. */
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

/* private: what iterate_and_advance_kernel() calls for each piece */
static __always_inline size_t lib_poly1305_iter_step(void *base, size_t progress,
						     size_t len, void *ctx,
						     void *unused)
{
	lib_poly1305_update(ctx, base, len);
	return 0;
}

/**
 * lib_poly1305_update_iter() - add message bytes that an iterator goes over
 * @ctx: the context, begun with lib_poly1305_init()
 * @iter: the iterator, over a kvec, a bvec, a folio queue or an xarray of
 *	  folios, of either direction
 * @len: how many bytes to add; @iter is advanced by as many
 *
 * What the iterator goes over is looked at twice, so that an end that comes too
 * early, or a folio that is missing, is noticed before anything is added.
 * Neither may change meanwhile: folios of a page cache are locked, or in use in
 * another way that keeps them there, as for any other use of the iterator.
 *
 * Memory of a process is refused: it may fault, which not every context allows,
 * and it may change between a look at its tag and the next one. Copy it
 * (copy_from_iter()), and add the copy that is used afterwards.
 *
 * Context: Any context but NMI.
 * Return: 0, or an error, after which @ctx and @iter are as they were:
 * * %-EFAULT	the iterator is over memory of a process (ITER_UBUF, ITER_IOVEC)
 * * %-EINVAL	it has less than @len bytes, by its count or by what it goes over,
 *		or none that can be read (ITER_DISCARD)
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
