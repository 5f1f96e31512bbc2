// SPDX-License-Identifier: GPL-2.0 OR MIT

//! Scratch memory of implementations.

use core::mem::MaybeUninit;

use super::constant_time::wipe;

/// Words of memory in [`Scratch`].
pub const SCRATCH_WORDS: usize = 208;

/// Scratch memory for one run: `struct lib_poly1305_scratch` of the C interface.
///
/// A run of a long message has several calls of an implementation. One of them can cache data here
/// for the next one of the same implementation.
#[repr(C, align(64))]
pub struct Scratch {
    /// Identifies the data that `memory` caches; 0 means none. Each implementation has a number of
    /// its own.
    pub cached: u64,
    /// How many blocks of the run are left for further calls. If it is 0, nothing should be cached.
    pub blocks_left: u64,
    _reserved: [MaybeUninit<u64>; 6],
    /// The memory.
    pub memory: [MaybeUninit<u64>; SCRATCH_WORDS],
}

impl Scratch {
    /// Empty scratch memory. (A constant would be copied as a whole.)
    #[inline(always)]
    #[must_use]
    pub fn empty() -> Self {
        Self {
            cached: 0,
            blocks_left: 0,
            _reserved: [const { MaybeUninit::uninit() }; 6],
            memory: [const { MaybeUninit::uninit() }; SCRATCH_WORDS],
        }
    }

    /// Returns whether `memory` caches the data that `cached` identifies, and sets the field to it
    /// if there are further calls.
    #[inline(always)]
    pub fn claim(&mut self, cached: u64) -> bool {
        let there = self.cached == cached;
        self.cached = if self.blocks_left == 0 { 0 } else { cached };
        there
    }

    /// Wipes it, if it caches data.
    #[inline(always)]
    pub(super) fn wipe(&mut self) {
        if self.cached != 0 {
            self.memory = [MaybeUninit::new(0); SCRATCH_WORDS];
            wipe(&mut self.cached, 0);
        }
    }
}
