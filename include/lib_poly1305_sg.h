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
#include <linux/iov_iter.h>
#include <linux/scatterlist.h>
#include <linux/string.h>
#include <linux/uio.h>

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
 *	  folios, of either direction; what it goes over is there, as for any
 *	  other use of it
 * @len: how many bytes to add; @iter is advanced by as many
 *
 * Memory of a process is refused: it may fault, which not every context allows,
 * and it may change between a look at its tag and the next one. Copy it
 * (copy_from_iter()), and add the copy that is used afterwards.
 *
 * Context: Any context but NMI.
 * Return: 0, or an error, after which @ctx and @iter are as they were:
 * * %-EFAULT	the iterator is over memory of a process (ITER_UBUF, ITER_IOVEC)
 * * %-EINVAL	it has less than @len bytes, or none that can be read
 *		(ITER_DISCARD)
 */
static inline int lib_poly1305_update_iter(struct lib_poly1305_ctx *ctx,
					   struct iov_iter *iter, size_t len)
{
	const struct iov_iter begun = *iter;
	struct lib_poly1305_ctx saved;
	size_t added;

	if (user_backed_iter(iter))
		return -EFAULT;
	if (iov_iter_is_discard(iter) || len > iov_iter_count(iter))
		return -EINVAL;

	/* Folio queues and xarrays may end before the count says so. */
	saved = *ctx;
	added = iterate_and_advance_kernel(iter, len, ctx, NULL,
					   lib_poly1305_iter_step);
	if (added != len) {
		*ctx = saved;
		*iter = begun;
	}
	memzero_explicit(&saved, sizeof(saved));
	return added == len ? 0 : -EINVAL;
}

#endif /* _LIB_POLY1305_SG_H */
