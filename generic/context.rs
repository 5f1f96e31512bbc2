// SPDX-License-Identifier: GPL-2.0 OR MIT

//! Incremental use.

use core::mem::MaybeUninit;

use super::absorb::{absorb_run, whole_blocks, Absorb};
use super::accumulator::Pad;
use super::blocks::copy;
use super::constant_time::wipe;
use super::powers::Powers;
use super::residue::{clear_registers, wipe_stack};
use super::state::State;
use super::{BLOCK_SIZE, KEY_SIZE, TAG_SIZE, WORKSPACE_MIN_SIZE};

/// An incremental computation: `struct lib_poly1305_ctx` of the C interface.
///
/// Plain data. It may be copied, abandoned at any point, and used on another CPU or in another
/// execution context by the next call. Between calls the accumulator is in interchange form,
/// whichever implementation computed it, so any other one can continue.
///
/// # Invariants
///
/// Between calls `buffered < BLOCK_SIZE`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Context {
    pub(crate) state: State,
    pub(crate) s: Pad,
    pub(crate) buffer: [u8; BLOCK_SIZE],
    pub(crate) buffered: u64,
    pub(crate) powers: Powers,
}

impl Context {
    /// Begins a computation under a one-time key.
    #[inline]
    #[must_use]
    pub fn new(key: &[u8; KEY_SIZE]) -> Self {
        // INVARIANT: The buffer is empty.
        Self {
            state: State::new(key),
            s: Pad::new(key),
            buffer: [0; BLOCK_SIZE],
            buffered: 0,
            powers: Powers::none(),
        }
    }

    /// Begins a computation in place: returning it by value could leave a copy behind.
    #[inline(always)]
    pub fn begin<'a>(place: &'a mut MaybeUninit<Self>, key: &[u8; KEY_SIZE]) -> &'a mut Self {
        Self::begin_in_frame(place, key);
        // Where unaligned words cannot be loaded at once, the compiler spills registers.
        #[cfg(target_arch = "aarch64")]
        wipe_stack::<16>();
        clear_registers();
        // SAFETY: It was initialized above.
        unsafe { place.assume_init_mut() }
    }

    /// Initializes a context, in a frame that the caller wipes.
    #[inline(never)]
    fn begin_in_frame(place: &mut MaybeUninit<Self>, key: &[u8; KEY_SIZE]) {
        let place = place.as_mut_ptr();
        // INVARIANT: The buffer is empty.
        // SAFETY: All are fields of the place. Of the powers only the count must be initialized, as
        // it is 0.
        unsafe {
            (&raw mut (*place).state).write(State::new(key));
            (&raw mut (*place).s).write(Pad::new(key));
            (&raw mut (*place).buffer).write([0; BLOCK_SIZE]);
            (&raw mut (*place).buffered).write(0);
            Powers::empty(&raw mut (*place).powers);
        }
    }

    /// Adds message bytes, any number of them.
    ///
    /// The implementation absorbs the whole blocks of `data`. Portable code absorbs a block that
    /// was buffered, which takes less time than a call.
    #[inline(always)]
    pub fn update(&mut self, by: &impl Absorb, data: &[u8]) {
        self.add(by, data);
        clear_registers();
    }

    /// As [`Self::update`], without clearing registers at the end.
    #[inline(always)]
    fn add(&mut self, by: &impl Absorb, data: &[u8]) {
        let mut data = data;
        if self.buffered != 0 {
            let free = self.buffer.get_mut(self.buffered as usize..);
            let free = free.unwrap_or_default();
            if data.len() < free.len() {
                copy(free, data);
                // INVARIANT: The free bytes are more than `data.len()`.
                self.buffered = self.buffered.wrapping_add(data.len() as u64);
                return;
            }
            let (head, rest) = data.split_at(free.len());
            copy(free, head);
            data = rest;
            self.state.absorb_block_apart(&self.buffer);
            // The next function may spill any of them, to align the stack.
            clear_registers();
        }
        let (blocks, rest) = whole_blocks(data);
        if blocks.len() >= WORKSPACE_MIN_SIZE {
            self.absorb_long(by, blocks);
        } else if !blocks.is_empty() {
            by.absorb(&mut self.state, None, blocks);
        }
        copy(&mut self.buffer, rest);
        // INVARIANT: The rest after whole blocks is less than a block.
        self.buffered = rest.len() as u64;
    }

    /// Adds many whole blocks. Not inlined, so that calls with fewer blocks do not need stack for
    /// the scratch memory.
    #[inline(never)]
    fn absorb_long(&mut self, by: &impl Absorb, blocks: &[u8]) {
        absorb_run(by, &mut self.state, &mut self.powers, blocks);
    }

    /// Returns the tag and wipes the context.
    ///
    /// The wiped context is a valid one, under the key of all zeroes. The caller stores the tag,
    /// and then clears registers.
    #[inline(always)]
    #[must_use]
    pub fn finish(&mut self) -> [u8; TAG_SIZE] {
        let tag = self.finish_in_frame();
        wipe_stack::<16>();
        tag.to_le_bytes()
    }

    /// As [`Self::finish`], in a frame that the caller wipes.
    #[inline(never)]
    fn finish_in_frame(&mut self) -> u128 {
        let last = self.buffer.get(..self.buffered as usize);
        let tag = u128::from_le_bytes(self.state.tag(last.unwrap_or_default(), self.s));
        self.powers.wipe();
        wipe(self, Self::new(&[0; KEY_SIZE]));
        tag
    }
}
