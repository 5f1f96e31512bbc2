// SPDX-License-Identifier: GPL-2.0

//! AVX-IFMA: groups of four blocks (`ifma.rs`), for CPUs without AVX-512.

use core::arch::asm;
use core::mem::offset_of;

use super::ifma::{self, Memory, Row, DEPTH};
use super::long_run::GROUP;
use super::steps::{self, registers};
use super::steps_44;
use crate::fpu::Guard;
use crate::generic::{State, Workspace};

/// What `Scratch::cached` is when the powers are in the memory.
const CACHED: u64 = 52;

steps_44::registers_44!();

ifma::four_blocks! {
    /// Absorbs groups of four blocks.
    ///
    /// # Safety
    ///
    /// The CPU must have AVX2 and AVX-IFMA, and there must be at least two groups.
    absorb, vex, CACHED, true
}
