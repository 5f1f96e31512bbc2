// SPDX-License-Identifier: GPL-2.0 OR MIT

//! Several whole blocks, and the last bytes of a message.

use super::accumulator::{Accumulator, PadBit, Point, Wide};
use super::BLOCK_SIZE;

/// From how many bytes on [`absorb_many`] takes less time than [`absorb_few`], with a call and a wipe.
pub(super) const MANY: usize = 6 * BLOCK_SIZE;

/// Absorbs the whole blocks of `data`. There are enough registers for all values.
#[inline(always)]
pub(super) fn absorb_few(h: Accumulator, r: Point, data: &[u8]) -> Accumulator {
    absorb_by(h, r, data, |h, block| h.absorb(block, r))
}

/// Absorbs the whole blocks of `data`, in a frame that has secrets afterwards.
#[inline(always)]
pub(super) fn absorb_many(h: Accumulator, r: Point, data: &[u8]) -> Accumulator {
    let five = r.to_words()[0].wrapping_mul(5);
    absorb_by(h, r, data, |h, block| h.absorb_unreduced(block, r, five))
}

/// Absorbs the whole blocks of `data`, those after the first one by `step`.
#[inline(always)]
fn absorb_by(
    h: Accumulator,
    r: Point,
    data: &[u8],
    step: impl Fn(Wide, &[u8; BLOCK_SIZE]) -> Wide,
) -> Accumulator {
    let Some((block, mut data)) = data.split_first_chunk::<BLOCK_SIZE>() else {
        return h;
    };
    let mut h = h.begin(block, PadBit::Whole, r);
    while let Some((block, rest)) = data.split_first_chunk::<BLOCK_SIZE>() {
        h = step(h, block);
        data = rest;
    }
    h.reduced()
}

/// Absorbs the last 0 to 15 bytes of a message, if any.
#[inline(always)]
pub(super) fn absorb_last(h: Accumulator, r: Point, data: &[u8]) -> Accumulator {
    if data.is_empty() {
        return h;
    }
    // The bit above the message (RFC 8439 section 2.5.1).
    let bit = 1_u128.wrapping_shl((data.len() as u32) << 3);
    h.absorb(&(number(data) | bit).to_le_bytes(), PadBit::Padded, r)
}

/// Reads 1 to 15 bytes as a little-endian number, by two loads that may overlap: a loop over bytes
/// or a call would be slow.
#[inline(always)]
fn number(data: &[u8]) -> u128 {
    // The number of bits before the last `size` bytes. Bits that are in both loads are the same.
    let before = |size: usize| (data.len().wrapping_sub(size) as u32) << 3;
    if let (Some(first), Some(last)) = (data.first_chunk(), data.last_chunk()) {
        let last = u128::from(u64::from_le_bytes(*last)).wrapping_shl(before(8));
        u128::from(u64::from_le_bytes(*first)) | last
    } else if let (Some(first), Some(last)) = (data.first_chunk(), data.last_chunk()) {
        let last = u64::from(u32::from_le_bytes(*last)).wrapping_shl(before(4));
        u128::from(u64::from(u32::from_le_bytes(*first)) | last)
    } else {
        // At most three.
        let byte = |i: usize| data.get(i).copied().map_or(0, u64::from);
        u128::from(byte(0) | (byte(1) << 8) | (byte(2) << 16))
    }
}

/// Copies as many bytes as fit, at most a block. A call of `memcpy()` would take longer.
#[inline(always)]
pub(super) fn copy(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}
