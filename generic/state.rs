// SPDX-License-Identifier: GPL-2.0 OR MIT

//! What an implementation works on, and what it has to do.

use core::arch::asm;

use super::accumulator::{Accumulator, Pad, PadBit, Point};
use super::blocks::{absorb_blocks, absorb_last};
use super::powers::Powers;
use super::scratch::Scratch;
use super::{BLOCK_SIZE, CHUNK_SIZE, KEY_SIZE, TAG_SIZE};

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

    /// Absorbs one block in a frame of its own, which has nothing but what callers had in registers:
    /// there are as many as it takes.
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

/// What an implementation may use beside the state, and can do without: `struct lib_poly1305_workspace`
/// of the C interface.
#[repr(C)]
pub struct Workspace<'a> {
    /// Powers of this computation's `r`.
    pub powers: &'a mut Powers,
    /// Memory to work in.
    pub scratch: &'a mut Scratch,
}

/// An implementation: something that absorbs whole blocks.
pub trait Absorb {
    /// Absorbs `blocks`, a number of bytes that is a multiple of [`BLOCK_SIZE`], from 1 block to
    /// [`CHUNK_SIZE`] bytes. There is a `workspace` in each call of a run of [`WORKSPACE_MIN_SIZE`] bytes or
    /// more, of which the last one may be for a single block.
    fn absorb(&self, state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]);
}

/// The portable implementation.
#[derive(Clone, Copy)]
pub struct Portable;

impl Absorb for Portable {
    #[inline(always)]
    fn absorb(&self, state: &mut State, _: Option<&mut Workspace<'_>>, blocks: &[u8]) {
        state.absorb(blocks);
    }
}

/// The whole blocks that `data` begins with, and the rest of the bytes.
#[inline(always)]
pub(super) fn whole_blocks(data: &[u8]) -> (&[u8], &[u8]) {
    data.split_at(data.len() & !(BLOCK_SIZE - 1))
}

/// Has the whole blocks that `data` begins with absorbed, with what helps if there are many, and
/// gives the rest of the bytes.
#[inline(always)]
pub(super) fn absorb_run<'a>(
    by: &impl Absorb,
    state: &mut State,
    powers: &mut Powers,
    data: &'a [u8],
) -> &'a [u8] {
    let mut scratch = Scratch::empty();
    let mut workspace = Workspace {
        powers,
        scratch: &mut scratch,
    };
    let mut data = data;
    while data.len() >= BLOCK_SIZE {
        let whole = data.len() & !(BLOCK_SIZE - 1);
        let (chunk, following) = data.split_at(whole.min(CHUNK_SIZE));
        data = following;
        workspace.scratch.blocks_left = (following.len() / BLOCK_SIZE) as u64;
        absorb_chunk(by, state, &mut workspace, chunk);
    }
    scratch.wipe();
    data
}

/// A call of the implementation, out of line wherever it comes from: what it has in registers is
/// not to be mixed with what the loop above needs, and spilled.
#[inline(never)]
fn absorb_chunk(by: &impl Absorb, state: &mut State, workspace: &mut Workspace<'_>, blocks: &[u8]) {
    by.absorb(state, Some(workspace), blocks);
}
