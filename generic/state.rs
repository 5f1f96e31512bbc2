// SPDX-License-Identifier: GPL-2.0 OR MIT

//! What an implementation works on: accumulator and point.

use core::arch::asm;

use super::accumulator::{Accumulator, Pad, PadBit, Point};
use super::blocks::{absorb_blocks, absorb_last};
use super::{BLOCK_SIZE, KEY_SIZE, TAG_SIZE};

/// Accumulator and point in interchange form: `struct lib_poly1305_state` of the C interface.
///
/// It is all that passes between an implementation and the code around it, so that any of them can
/// go on where another one left off.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct State {
    pub(crate) h: Accumulator,
    pub(crate) r: Point,
}

impl State {
    /// Nothing absorbed yet, under a key's first half.
    #[inline(always)]
    pub fn new(key: &[u8; KEY_SIZE]) -> Self {
        Self {
            h: Accumulator::ZERO,
            r: Point::new(key),
        }
    }

    /// Keeps it in memory only, before a call: a register that is in use would be saved by what is
    /// called, on a part of the stack that nobody wipes.
    #[inline(always)]
    pub(super) fn keep_in_memory(&mut self) {
        // SAFETY: The block holds no instruction; by claiming to change the state it makes what
        // registers have of it worthless.
        unsafe { asm!("/* {0} */", in(reg) self, options(nostack, preserves_flags)) };
    }

    /// Takes words for a state, unless they break the bounds of the interchange form: `h[2] <= 4`,
    /// and `r` clamped (RFC 8439 section 2.5).
    pub fn from_words(h: [u64; 3], r: [u64; 2]) -> Option<Self> {
        Some(Self {
            h: Accumulator::from_words(h)?,
            r: Point::from_words(r)?,
        })
    }

    /// The words of the accumulator and of the point.
    pub fn to_words(self) -> ([u64; 3], [u64; 2]) {
        (self.h.to_words(), self.r.to_words())
    }

    /// Makes a product that is not reduced the accumulator: `low + middle 2^64 + high 2^128`, as a
    /// multiplication by `r` leaves it, where `high <= 11 * 2^60`.
    #[inline(always)]
    pub fn set_product(&mut self, [low, middle, high]: [u64; 3]) {
        self.h = Accumulator::from_product(low, middle, high);
    }

    /// Absorbs whole blocks by portable code. Less than a block at the end is left out.
    #[inline(always)]
    pub fn absorb(&mut self, blocks: &[u8]) {
        self.h = absorb_blocks(self.h, self.r, blocks);
    }

    /// Absorbs one block in a frame of its own, which has nothing but what callers had in
    /// registers: there are as many as it takes.
    #[inline(never)]
    pub(super) fn absorb_block_apart(&mut self, block: &[u8; BLOCK_SIZE]) {
        self.h = self.h.absorb(block, PadBit::Whole, self.r);
    }

    /// The tag after `last`, the 0 to 15 bytes at the end of the message.
    #[inline(always)]
    pub fn tag(&self, last: &[u8], pad: Pad) -> [u8; TAG_SIZE] {
        absorb_last(self.h, self.r, last).tag(pad)
    }
}
