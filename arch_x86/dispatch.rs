// SPDX-License-Identifier: GPL-2.0

//! Which code absorbs how many blocks, for each row of the table in `implementations.rs`.
//!
//! This and the code that it calls know no kernel: host tests and benchmarks take the same files
//! in. The crate that does has `implementations!`, `generic/` as `crate::generic`, and as
//! `crate::fpu` a type `Guard`, whose values are evidence that vector registers may be used now.

#[macro_use]
#[path = "../generic/rows.rs"]
mod rows;
#[path = "avx2.rs"]
mod avx2;
#[path = "avx512ifma.rs"]
mod avx512ifma;
#[path = "avxifma.rs"]
mod avxifma;
#[path = "bmi2.rs"]
mod bmi2;
#[path = "ifma.rs"]
mod ifma;
#[path = "long_run.rs"]
mod long_run;
#[path = "scratch.rs"]
mod scratch;
#[path = "steps.rs"]
mod steps;
#[path = "steps_44.rs"]
mod steps_44;
#[path = "table.rs"]
mod table;
#[path = "wipe.rs"]
mod wipe;

use self::long_run::GROUP;
use crate::fpu::{self, Guard};
use crate::generic::{State, Workspace, BLOCK_SIZE, WORKSPACE_MIN_SIZE};

implementations!(row_types);

impl Bmi2 {
    /// Absorbs whole blocks.
    ///
    /// # Safety
    ///
    /// The CPU must have what the row needs.
    #[inline(always)]
    pub(crate) unsafe fn absorb(state: &mut State, _: Option<&mut Workspace<'_>>, blocks: &[u8]) {
        // SAFETY: The CPU has BMI2 by this function's requirement.
        unsafe { bmi2::absorb(state, blocks) };
    }
}

/// Makes the code of an implementation with vector registers from its runs and how many blocks share
/// a carry.
macro_rules! by_vectors {
    ($($type:ident: $runs:path, $batch:expr;)*) => { $(
        impl $type {
            /// Absorbs whole blocks.
            ///
            /// # Safety
            ///
            /// The CPU must have what the row needs, and the system save the registers.
            #[inline(always)]
            pub(crate) unsafe fn absorb(
                state: &mut State,
                workspace: Option<&mut Workspace<'_>>,
                blocks: &[u8],
            ) {
                const { assert!(Self::BATCH == BLOCK_SIZE * $batch) };
                let runs = |guard: &Guard, state: &mut State, workspace: &mut Workspace<'_>| {
                    // SAFETY: By this function's requirements, and `absorb()` calls this for
                    // `VECTORS` bytes or more, which is asserted to be at least four groups.
                    unsafe { $runs(guard, state, workspace, blocks) };
                };
                // SAFETY: By this function's requirements, and every row with vector registers
                // needs BMI2 and AVX2.
                unsafe { absorb::<{ Self::VECTORS }>(state, workspace, blocks, runs) };
            }
        }
    )* };
}

by_vectors! {
    Avx2: avx2_runs, 8 * scratch::DEPTH;
    AvxIfma: avxifma_runs, 4 * ifma::DEPTH;
    Avx512Ifma: avx512ifma_runs, 8 * ifma::DEPTH;
}

/// Absorbs blocks by AVX2, all but less than four at the beginning.
///
/// # Safety
///
/// The CPU must have what the row needs, and there must be at least four groups.
#[inline(always)]
unsafe fn avx2_runs(
    guard: &Guard,
    state: &mut State,
    workspace: &mut Workspace<'_>,
    blocks: &[u8],
) {
    // SAFETY: By this function's requirements.
    let groups = unsafe { absorb_head(state, blocks) };
    // A table that a call before has made is used for short runs, too.
    let long = groups.len() >= Avx2::TABLE || workspace.scratch.cached != 0;
    // SAFETY: By this function's requirements.
    unsafe {
        if long {
            avx2::long(guard, state, workspace, groups);
        } else {
            avx2::short(guard, state, workspace, groups);
        }
    }
}

/// Absorbs blocks by AVX-IFMA, all but less than four at the beginning.
///
/// # Safety
///
/// As for [`avx2_runs()`].
#[inline(always)]
unsafe fn avxifma_runs(
    guard: &Guard,
    state: &mut State,
    workspace: &mut Workspace<'_>,
    blocks: &[u8],
) {
    // SAFETY: By this function's requirements.
    unsafe {
        let groups = absorb_head(state, blocks);
        avxifma::absorb(guard, state, workspace, groups);
    }
}

/// Absorbs blocks by AVX-512 IFMA, in short runs all but less than four at the beginning.
///
/// # Safety
///
/// As for [`avx2_runs()`].
#[inline(always)]
unsafe fn avx512ifma_runs(
    guard: &Guard,
    state: &mut State,
    workspace: &mut Workspace<'_>,
    blocks: &[u8],
) {
    let kept = workspace.scratch.cached != 0 || workspace.scratch.blocks_left != 0;
    // SAFETY: By this function's requirements: four groups are more than eight blocks.
    unsafe {
        if blocks.len() >= Avx512Ifma::TABLE || kept {
            avx512ifma::long(guard, state, workspace, blocks);
        } else {
            let groups = absorb_head(state, blocks);
            avx512ifma::short(guard, state, workspace, groups);
        }
    }
}

/// Absorbs less than four blocks at the beginning, and returns the groups of four that follow.
///
/// # Safety
///
/// The CPU must have BMI2.
#[inline(always)]
unsafe fn absorb_head<'a>(state: &mut State, blocks: &'a [u8]) -> &'a [u8] {
    let (head, groups) = blocks.split_at(blocks.len() % GROUP);
    if !head.is_empty() {
        // SAFETY: By this function's requirement.
        unsafe { bmi2::absorb_apart(state, head) };
    }
    groups
}

/// Absorbs blocks: by scalar code if there is no workspace, as there are few of them then.
///
/// # Safety
///
/// The CPU must have BMI2 and AVX2, and the system save its registers.
#[inline(always)]
unsafe fn absorb<const VECTORS: usize>(
    state: &mut State,
    workspace: Option<&mut Workspace<'_>>,
    blocks: &[u8],
    runs: impl FnOnce(&Guard, &mut State, &mut Workspace<'_>),
) {
    match workspace {
        // SAFETY: By this function's requirements.
        None => unsafe { bmi2::absorb(state, blocks) },
        // SAFETY: As above.
        Some(workspace) => unsafe { in_section::<VECTORS>(state, workspace, blocks, runs) },
    }
}

/// Absorbs blocks by `runs`, and wipes what it left; or by scalar code, if there are too few, or vector
/// registers cannot be used now.
///
/// Out of line: in one frame with this, the scalar code above would be made to spill.
///
/// # Safety
///
/// As for [`absorb()`].
#[inline(never)]
unsafe fn in_section<const VECTORS: usize>(
    state: &mut State,
    workspace: &mut Workspace<'_>,
    blocks: &[u8],
    runs: impl FnOnce(&Guard, &mut State, &mut Workspace<'_>),
) {
    const {
        assert!(VECTORS >= WORKSPACE_MIN_SIZE);
        // What all runs need.
        assert!(VECTORS >= 4 * GROUP);
    }
    if blocks.len() >= VECTORS {
        let done = fpu::with(|guard| {
            runs(guard, state, workspace);
            // SAFETY: By this function's requirements.
            unsafe { wipe::wipe(guard) };
        });
        if done.is_some() {
            return;
        }
    }
    // SAFETY: By this function's requirements.
    unsafe { bmi2::absorb_apart(state, blocks) };
}
