// SPDX-License-Identifier: GPL-2.0 OR MIT

//! Runs of whole blocks, and what is left of them.

use super::accumulator::{Accumulator, PadBit, Point};
use super::BLOCK_SIZE;

/// Absorbs as many whole blocks as there are.
#[inline(always)]
pub(super) fn absorb_blocks(mut h: Accumulator, r: Point, mut data: &[u8]) -> Accumulator {
    while let Some((block, rest)) = data.split_first_chunk::<BLOCK_SIZE>() {
        h = h.absorb(block, PadBit::Whole, r);
        data = rest;
    }
    h
}

/// Absorbs the last 0 to 15 bytes of a message, if any.
#[inline(always)]
pub(super) fn absorb_last(h: Accumulator, r: Point, data: &[u8]) -> Accumulator {
    if data.is_empty() {
        return h;
    }
    let mut block = [0; BLOCK_SIZE];
    copy(&mut block, data);
    // The bit above the message (RFC 8439 section 2.5.1).
    if let Some(end) = block.get_mut(data.len()) {
        *end = 1;
    }
    h.absorb(&block, PadBit::Padded, r)
}

/// Copies as many bytes as fit, at most a block: a call would cost more than these few steps.
#[inline(always)]
pub(super) fn copy(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}
