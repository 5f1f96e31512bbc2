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
use crate::generic::{Scratch, State, Workspace, BLOCK_SIZE, WORKSPACE_MIN_SIZE};

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

impl Avx2 {
    /// Absorbs whole blocks: by AVX2 all but less than four at the beginning.
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
        const {
            assert!(Self::BATCH == 8 * BLOCK_SIZE * scratch::DEPTH);
            // What short and long runs need.
            assert!(Self::VECTORS >= 4 * GROUP);
        }
        let vectors = |guard: &Guard, state: &mut State, workspace: &mut Workspace<'_>| {
            // SAFETY: By this function's requirements.
            let groups = unsafe { absorb_head(state, blocks) };
            // A table that a call before has made is used for short runs, too.
            let long = groups.len() >= Self::TABLE || workspace.scratch.cached != 0;
            // SAFETY: By this function's requirements, and there are at least four groups.
            unsafe {
                if long {
                    avx2::long(guard, state, workspace, groups);
                } else {
                    avx2::short(guard, state, workspace, groups);
                }
                wipe::wipe(guard);
            }
        };
        // SAFETY: By this function's requirements.
        unsafe { absorb::<{ Self::VECTORS }>(state, workspace, blocks, vectors) };
    }
}

impl AvxIfma {
    /// Absorbs whole blocks: by AVX-IFMA all but less than four at the beginning.
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
        const {
            assert!(Self::BATCH == 4 * BLOCK_SIZE * ifma::DEPTH);
            assert!(Self::VECTORS >= 2 * GROUP);
        }
        let vectors = |guard: &Guard, state: &mut State, workspace: &mut Workspace<'_>| {
            // SAFETY: By this function's requirements.
            let groups = unsafe { absorb_head(state, blocks) };
            // SAFETY: By this function's requirements, and there are at least two groups.
            unsafe {
                avxifma::absorb(guard, state, workspace, groups);
                wipe::wipe(guard);
            }
        };
        // SAFETY: By this function's requirements.
        unsafe { absorb::<{ Self::VECTORS }>(state, workspace, blocks, vectors) };
    }
}

impl Avx512Ifma {
    /// Absorbs whole blocks: in short runs all but less than four at the beginning by AVX-512 IFMA.
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
        const {
            assert!(Self::BATCH == 8 * BLOCK_SIZE * ifma::DEPTH);
            assert!(Self::VECTORS > 8 * BLOCK_SIZE);
        }
        let vectors = |guard: &Guard, state: &mut State, workspace: &mut Workspace<'_>| {
            let Scratch {
                cached,
                blocks_left,
                ..
            } = *workspace.scratch;
            if blocks.len() >= Self::TABLE || cached != 0 || blocks_left != 0 {
                // SAFETY: By this function's requirements, and there are more than eight blocks.
                unsafe {
                    avx512ifma::long(guard, state, workspace, blocks);
                    wipe::wipe(guard);
                }
                return;
            }
            // SAFETY: By this function's requirements.
            let groups = unsafe { absorb_head(state, blocks) };
            // SAFETY: By this function's requirements, and there are at least two groups.
            unsafe {
                avx512ifma::short(guard, state, workspace, groups);
                wipe::wipe(guard);
            }
        };
        // SAFETY: By this function's requirements.
        unsafe { absorb::<{ Self::VECTORS }>(state, workspace, blocks, vectors) };
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
/// The CPU must have BMI2.
#[inline(always)]
unsafe fn absorb<const VECTORS: usize>(
    state: &mut State,
    workspace: Option<&mut Workspace<'_>>,
    blocks: &[u8],
    vectors: impl FnOnce(&Guard, &mut State, &mut Workspace<'_>),
) {
    match workspace {
        // SAFETY: By this function's requirement.
        None => unsafe { bmi2::absorb(state, blocks) },
        // SAFETY: As above.
        Some(workspace) => unsafe { in_section::<VECTORS>(state, workspace, blocks, vectors) },
    }
}

/// Absorbs blocks by `vectors`; or by scalar code, if there are too few, or vector registers cannot be
/// used now.
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
    vectors: impl FnOnce(&Guard, &mut State, &mut Workspace<'_>),
) {
    const { assert!(VECTORS >= WORKSPACE_MIN_SIZE) };
    if blocks.len() >= VECTORS && fpu::with(|guard| vectors(guard, state, workspace)).is_some() {
        return;
    }
    // SAFETY: By this function's requirement.
    unsafe { bmi2::absorb_apart(state, blocks) };
}
