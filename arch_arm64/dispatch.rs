// SPDX-License-Identifier: GPL-2.0

//! Which code absorbs how many blocks, for each row of the table in `implementations.rs`.
//!
//! This and the code that it calls know no kernel: host tests and benchmarks take the same files
//! in. The crate that does has `implementations!`, `generic/` as `crate::generic`, and as
//! `crate::fpu` a type `Guard`, whose values are evidence that vector registers may be used now.

#[macro_use]
#[path = "../generic/rows.rs"]
mod rows;
#[path = "neon.rs"]
mod neon;
#[path = "scalar.rs"]
mod scalar;
#[path = "steps.rs"]
mod steps;
#[path = "table.rs"]
mod table;

use crate::fpu;
use crate::generic::{State, Workspace, BLOCK_SIZE, WORKSPACE_MIN_SIZE};

implementations!(row_types);

impl Scalar {
    /// Absorbs whole blocks.
    #[inline(always)]
    pub(crate) fn absorb(state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]) {
        const {
            assert!(Self::CHAINS >= WORKSPACE_MIN_SIZE);
            assert!(Self::BATCH == 2 * BLOCK_SIZE * scalar::CHAIN);
        };
        match workspace {
            Some(workspace) if blocks.len() >= Self::CHAINS => {
                scalar::absorb_by_two(state, workspace.powers, blocks);
                scalar::wipe();
            }
            _ => scalar::absorb(state, blocks),
        }
    }
}

impl Neon {
    /// Absorbs blocks by NEON, all but less than eight blocks at the beginning; or by scalar code,
    /// if there are too few, or vector registers cannot be used now.
    ///
    /// # Safety
    ///
    /// The CPU must have what the row needs.
    #[inline(always)]
    pub(crate) unsafe fn absorb(
        state: &mut State,
        mut workspace: Option<&mut Workspace<'_>>,
        blocks: &[u8],
    ) {
        const {
            assert!(Self::VECTORS >= WORKSPACE_MIN_SIZE && WORKSPACE_MIN_SIZE >= Self::BATCH);
            assert!(Self::CHAINS == Scalar::CHAINS);
            assert!(Self::BATCH == neon::BATCH);
        };
        if let Some(workspace) = workspace.as_deref_mut() {
            let from = if workspace.scratch.cached == 0 {
                Self::VECTORS
            } else {
                // The table is there.
                WORKSPACE_MIN_SIZE
            };
            if blocks.len() >= from {
                let done = fpu::with(|guard| {
                    let (head, batches) = blocks.split_at(blocks.len() % Self::BATCH);
                    scalar::absorb_apart(state, head);
                    // SAFETY: The CPU has Advanced SIMD by this function's requirement, and there is
                    // a batch, as `blocks.len() >= from`.
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
        Scalar::absorb(state, workspace, blocks);
    }
}
