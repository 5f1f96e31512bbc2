// SPDX-License-Identifier: GPL-2.0 OR MIT

//! Memory that an implementation works in.

use core::mem::MaybeUninit;

use super::constant_time::wipe;

/// Words of [`Scratch`] that are for the implementation.
pub const SCRATCH_WORDS: usize = 208;

/// Memory for the length of a call of the library: `struct lib_poly1305_scratch` of the C
/// interface.
///
/// A long message takes several calls of an implementation, and what one of them leaves here, the
/// next one finds, if it is of the same implementation.
#[repr(C, align(64))]
pub struct Scratch {
    /// What is in the memory: 0 is nothing. Whoever leaves something there sets a number of its
    /// own.
    pub cached: u64,
    /// How many blocks the library has for further calls. If there are none, nothing should be
    /// left.
    pub blocks_left: u64,
    _reserved: [MaybeUninit<u64>; 6],
    /// The memory.
    pub memory: [MaybeUninit<u64>; SCRATCH_WORDS],
}

impl Scratch {
    /// With nothing in it. (A constant would be copied as a whole.)
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

    /// Tells whether an implementation's `cached` is there, and says that it is from now on, if
    /// there are calls to come.
    #[inline(always)]
    pub fn claim(&mut self, cached: u64) -> bool {
        let there = self.cached == cached;
        self.cached = if self.blocks_left == 0 { 0 } else { cached };
        there
    }

    /// Wipes it, if there is something in it.
    #[inline(always)]
    pub(super) fn wipe(&mut self) {
        if self.cached != 0 {
            self.memory = [MaybeUninit::new(0); SCRATCH_WORDS];
            wipe(&mut self.cached, 0);
        }
    }
}
