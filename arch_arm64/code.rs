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
//! `Guard`, whose values are evidence that vector registers may be used now.

#[path = "neon/mod.rs"]
mod neon;
#[path = "scalar.rs"]
mod scalar;

use crate::fpu;
use crate::generic::{State, Workspace, WORKSPACE_MIN_SIZE};

/// Bytes from which on two chains of scalar code take less time than one, with the power that joins
/// them.
const CHAINS: usize = 1024;

/// Bytes from which on NEON takes less time than scalar code, with the table it needs.
const SHORT: usize = 512;

/// Absorbs blocks by scalar code.
#[inline(always)]
pub(crate) fn scalar(state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]) {
    const { assert!(CHAINS >= WORKSPACE_MIN_SIZE) };
    match workspace {
        Some(workspace) if blocks.len() >= CHAINS => {
            scalar::absorb_by_two(state, workspace.powers, blocks);
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
pub(crate) unsafe fn neon(
    state: &mut State,
    mut workspace: Option<&mut Workspace<'_>>,
    blocks: &[u8],
) {
    const { assert!(SHORT >= WORKSPACE_MIN_SIZE) };
    if let Some(workspace) = workspace.as_deref_mut() {
        let from = if workspace.scratch.cached == 0 {
            SHORT
        } else {
            // The table is there.
            WORKSPACE_MIN_SIZE
        };
        if blocks.len() >= from {
            let done = fpu::with(|guard| {
                let (head, batches) = blocks.split_at(blocks.len() % neon::BATCH);
                scalar::absorb_apart(state, head);
                // SAFETY: By this function's requirement.
                unsafe {
                    neon::absorb(guard, state, workspace, batches);
                    neon::wipe(guard);
                }
            });
            if done.is_some() {
                return;
            }
        }
    }
    scalar(state, workspace, blocks);
}
