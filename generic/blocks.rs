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
    let mut h = h.begin(block, PadBit::Whole, r);
    while let Some((block, rest)) = data.split_first_chunk::<BLOCK_SIZE>() {
        h = h.absorb(block, r);
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

/// The little-endian number that 1 to 15 bytes are: from their first and their last few in one
/// piece each, as a loop over bytes would be slow, and a call as well.
#[inline(always)]
fn number(data: &[u8]) -> u128 {
    // How many bits are before the last `size` bytes. Bits that both pieces have are the same.
    let before = |size: usize| (data.len().wrapping_sub(size) as u32) << 3;
    if let (Some(first), Some(last)) = (data.first_chunk(), data.last_chunk()) {
        let last = u128::from(u64::from_le_bytes(*last)).wrapping_shl(before(8));
        u128::from(u64::from_le_bytes(*first)) | last
    } else if let (Some(first), Some(last)) = (data.first_chunk(), data.last_chunk()) {
        let last = u64::from(u32::from_le_bytes(*last)).wrapping_shl(before(4));
        u128::from(u64::from(u32::from_le_bytes(*first)) | last)
    } else {
        // Up to three.
        let byte = |i: usize| data.get(i).copied().map_or(0, u64::from);
        u128::from(byte(0) | (byte(1) << 8) | (byte(2) << 16))
    }
}

/// Copies as many bytes as fit, at most a block: a call would cost more than these few steps.
#[inline(always)]
pub(super) fn copy(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}
