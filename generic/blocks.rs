// SPDX-License-Identifier: GPL-2.0 OR MIT

//! Runs of whole blocks, and what is left of them.

use super::accumulator::{Accumulator, PadBit, Point};
use super::BLOCK_SIZE;

/// Absorbs as many whole blocks as there are.
#[inline(always)]
pub(super) fn absorb_blocks(h: Accumulator, r: Point, data: &[u8]) -> Accumulator {
    let Some((block, mut data)) = data.split_first_chunk::<BLOCK_SIZE>() else {
        return h;
    };
    let mut h = h.step(u128::from_le_bytes(*block), 1, r);
    while let Some((block, rest)) = data.split_first_chunk::<BLOCK_SIZE>() {
        h = h.absorb(block, PadBit::Whole, r);
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
    let bit = 1 << (8 * (data.len() as u32 & 15));
    h.absorb(&(number(data) | bit).to_le_bytes(), PadBit::Padded, r)
}

/// The little-endian number that 1 to 15 bytes are: from their first and their last few in one
/// piece each, as a loop over bytes would be slow, and a call as well.
#[inline(always)]
fn number(data: &[u8]) -> u128 {
    // What the last piece has in common with the first one is shifted out of it.
    let above = |size: usize| 8 * (data.len().wrapping_sub(size) as u32 & 7);
    if let (Some(first), Some(last)) = (data.first_chunk(), data.last_chunk()) {
        let high = u64::from_le_bytes(*last) >> (64_u32.wrapping_sub(above(8)) & 63);
        let high = if above(8) == 0 { 0 } else { high };
        u128::from(u64::from_le_bytes(*first)) | u128::from(high) << 64
    } else if let (Some(first), Some(last)) = (data.first_chunk(), data.last_chunk()) {
        let last = u64::from(u32::from_le_bytes(*last)) << above(4);
        u128::from(u64::from(u32::from_le_bytes(*first)) | last)
    } else {
        // One byte, or the first, the middle and the last one of up to three.
        let byte = |i: usize| data.get(i).copied().map_or(0, u64::from);
        let word = byte(0) | byte(1) << 8 | byte(2) << 16;
        u128::from(word)
    }
}

/// Copies as many bytes as fit, at most a block: a call would cost more than these few steps.
#[inline(always)]
pub(super) fn copy(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}
