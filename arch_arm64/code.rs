// SPDX-License-Identifier: GPL-2.0

//! What the implementations compute with, which knows no kernel: host tests and benchmarks take
//! the same files in.
//!
//! | file | what it has |
//! |---|---|
//! | `scalar.rs` | one block at a time, in one chain or in two |
//! | `neon/` | eight blocks at a time; `neon/mod.rs` says more |
//!
//! The crate that takes this in has `generic/` as `crate::generic`, and as `crate::fpu` a type
//! `Section`, whose values are evidence that vector registers may be used now.

#[path = "neon/mod.rs"]
mod neon;
#[path = "scalar.rs"]
mod scalar;

use crate::fpu;
use crate::generic::{Aid, State, AIDED_SIZE};

/// Bytes from which on two chains of scalar code take less time than one, with the power that joins
/// them.
const CHAINS: usize = 1024;

/// Bytes from which on NEON takes less time than scalar code, with the table it needs.
const SHORT: usize = 512;

/// Absorbs blocks by scalar code.
#[inline(always)]
pub(crate) fn scalar(state: &mut State, aid: Option<&mut Aid<'_>>, blocks: &[u8]) {
    const { assert!(CHAINS >= AIDED_SIZE) };
    match aid {
        Some(aid) if blocks.len() >= CHAINS => {
            scalar::absorb_by_two(state, aid.powers, blocks);
            scalar::wipe();
        }
        _ => scalar::absorb(state, blocks),
    }
}

/// Absorbs blocks by NEON, all but less than eight blocks at the beginning; or by scalar code, if
/// there are too few, or vector registers cannot be used now.
///
/// # Safety
///
/// The CPU must have Advanced SIMD.
#[inline(always)]
pub(crate) unsafe fn neon(state: &mut State, mut aid: Option<&mut Aid<'_>>, blocks: &[u8]) {
    const { assert!(SHORT >= AIDED_SIZE) };
    if let Some(aid) = aid.as_deref_mut() {
        let from = if aid.scratch.content == 0 {
            SHORT
        } else {
            // The table is there.
            AIDED_SIZE
        };
        if blocks.len() >= from {
            let done = fpu::within(|section| {
                let (head, batches) = blocks.split_at(blocks.len() % neon::BATCH);
                scalar::absorb_apart(state, head);
                // SAFETY: By this function's requirement.
                unsafe {
                    neon::absorb(section, state, aid, batches);
                    neon::wipe(section);
                }
            });
            if done.is_some() {
                return;
            }
        }
    }
    scalar(state, aid, blocks);
}
