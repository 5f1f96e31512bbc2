// SPDX-License-Identifier: GPL-2.0 OR MIT

//! What an implementation works on: the accumulator and `r`.

use core::arch::asm;
use core::hint::assert_unchecked;

use super::accumulator::{Accumulator, Pad, PadBit, Point};
use super::blocks::{absorb_few, absorb_last, absorb_many, MANY};
use super::residue::wipe_stack;
use super::{BLOCK_SIZE, KEY_SIZE, TAG_SIZE};

/// Accumulator and point in interchange form: `struct lib_poly1305_state` of the C interface.
///
/// Implementations share no other state, so any of them can continue where another one stopped.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct State {
    pub(crate) h: Accumulator,
    pub(crate) r: Point,
}

impl State {
    /// The state before the first block, for the `r` of a key.
    #[inline(always)]
    pub fn new(key: &[u8; KEY_SIZE]) -> Self {
        Self {
            h: Accumulator::ZERO,
            r: Point::new(key),
        }
    }

    /// Keeps the state only in memory before a call. The called function could spill registers to a
    /// part of the stack that is not wiped.
    #[inline(always)]
    pub(super) fn keep_in_memory(&mut self) {
        // SAFETY: The block has no instruction. It could change the state, so the compiler does not
        // keep copies of it in registers.
        unsafe { asm!("/* {0} */", in(reg) self, options(nostack, preserves_flags)) };
    }

    /// Makes a state of words in interchange form: `h[2] <= 4`, and `r` clamped (RFC 8439 section
    /// 2.5). Other words give `None`.
    pub fn from_words(h: [u64; 3], r: [u64; 2]) -> Option<Self> {
        Some(Self {
            h: Accumulator::from_words(h)?,
            r: Point::from_words(r)?,
        })
    }

    /// The words of the accumulator and of `r`.
    pub fn to_words(self) -> ([u64; 3], [u64; 2]) {
        (self.h.to_words(), self.r.to_words())
    }

    /// Sets the accumulator to a product that is not reduced: `low + middle 2^64 + high 2^128` with
    /// `high <= 11 * 2^60`, as a multiplication by `r` gives it.
    #[inline(always)]
    pub fn set_product(&mut self, [low, middle, high]: [u64; 3]) {
        self.h = Accumulator::from_product(low, middle, high);
    }

    /// Absorbs whole blocks by portable code. Ignores an incomplete block at the end.
    #[inline(always)]
    pub fn absorb(&mut self, blocks: &[u8]) {
        if blocks.len() < MANY {
            self.h = absorb_few(self.h, self.r, blocks);
        } else {
            // SAFETY: There are at least `MANY` bytes here.
            unsafe { self.absorb_many(blocks) };
            wipe_stack::<20>();
        }
    }

    /// Absorbs many blocks. The caller wipes this frame.
    ///
    /// # Safety
    ///
    /// There must be at least [`MANY`] bytes.
    #[inline(never)]
    unsafe fn absorb_many(&mut self, blocks: &[u8]) {
        // SAFETY: By this function's requirement. Without it, there would be code for no block.
        unsafe { assert_unchecked(blocks.len() >= MANY) };
        self.h = absorb_many(self.h, self.r, blocks);
    }

    /// Absorbs one block by portable code.
    #[inline(always)]
    pub fn absorb_block(&mut self, block: &[u8; BLOCK_SIZE]) {
        self.h = self.h.absorb(block, PadBit::Whole, self.r);
    }

    /// The same, not inlined. There are enough registers for all values, so this frame contains only
    /// registers of callers, and is not wiped.
    #[inline(never)]
    pub(super) fn absorb_block_apart(&mut self, block: &[u8; BLOCK_SIZE]) {
        self.absorb_block(block);
    }

    /// The tag after `last`, the 0 to 15 bytes at the end of the message.
    #[inline(always)]
    pub fn tag(&self, last: &[u8], pad: Pad) -> [u8; TAG_SIZE] {
        absorb_last(self.h, self.r, last).tag(pad)
    }
}
