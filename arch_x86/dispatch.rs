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
#[path = "avx512.rs"]
mod avx512;
#[path = "avx512ifma.rs"]
mod avx512ifma;
#[path = "bmi2.rs"]
mod bmi2;
#[path = "long_run.rs"]
mod long_run;
#[path = "scratch.rs"]
mod scratch;
#[path = "steps.rs"]
mod steps;
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

/// Makes the code of an implementation with vector registers, from its code for long runs and what
/// wipes the registers of that. All of them have AVX2's for short runs.
macro_rules! by_vectors {
    ($($type:ident: $long:path, $wipe:path, $depth:path;)*) => { $(
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
                const { assert!($type::BATCH == 8 * BLOCK_SIZE * $depth) };
                let long = |guard: &Guard,
                            state: &mut State,
                            workspace: &mut Workspace<'_>,
                            groups: &[u8]| {
                    // SAFETY: By this function's requirements, and `absorb()` calls this with four
                    // groups or more.
                    unsafe {
                        $long(guard, state, workspace, groups);
                        $wipe(guard);
                    }
                };
                // SAFETY: By this function's requirements, and every row with vector registers
                // needs BMI2 and AVX2.
                unsafe {
                    absorb::<{ Self::VECTORS }, { Self::TABLE }>(state, workspace, blocks, long)
                };
            }
        }
    )* };
}

by_vectors! {
    Avx2: avx2::long, wipe::wipe_ymm, scratch::DEPTH;
    Avx512: avx512::long, wipe::wipe_zmm, scratch::DEPTH;
    Avx512Ifma: avx512ifma::long, wipe::wipe_zmm, scratch::DEPTH_44;
}

/// Absorbs blocks: by scalar code if there is no workspace, as there are few of them then.
///
/// # Safety
///
/// The CPU must have BMI2 and AVX2, and the system save its registers.
#[inline(always)]
unsafe fn absorb<const VECTORS: usize, const TABLE: usize>(
    state: &mut State,
    workspace: Option<&mut Workspace<'_>>,
    blocks: &[u8],
    long: impl FnOnce(&Guard, &mut State, &mut Workspace<'_>, &[u8]),
) {
    match workspace {
        // SAFETY: By this function's requirements.
        None => unsafe { bmi2::absorb(state, blocks) },
        // SAFETY: As above.
        Some(workspace) => unsafe { in_section::<VECTORS, TABLE>(state, workspace, blocks, long) },
    }
}

/// Absorbs blocks by vector code, all but less than four blocks at the beginning; or by scalar
/// code, if there are too few, or vector registers cannot be used now. From `TABLE` bytes on a run
/// is a long one.
///
/// Out of line: in one frame with this, the scalar code above would be made to spill.
///
/// # Safety
///
/// As for [`absorb()`].
#[inline(never)]
unsafe fn in_section<const VECTORS: usize, const TABLE: usize>(
    state: &mut State,
    workspace: &mut Workspace<'_>,
    blocks: &[u8],
    long: impl FnOnce(&Guard, &mut State, &mut Workspace<'_>, &[u8]),
) {
    const { assert!(VECTORS >= WORKSPACE_MIN_SIZE) };
    // What short and long runs need.
    const { assert!(VECTORS >= 4 * GROUP) };
    if blocks.len() >= VECTORS {
        let done = fpu::with(|guard| {
            let (head, groups) = blocks.split_at(blocks.len() % GROUP);
            if !head.is_empty() {
                // SAFETY: By this function's requirements.
                unsafe { bmi2::absorb_apart(state, head) };
            }
            // A table that a call before has made is used for short runs, too.
            if groups.len() >= TABLE || workspace.scratch.cached != 0 {
                long(guard, state, workspace, groups);
            } else {
                // SAFETY: By this function's requirements, and there are at least four groups.
                unsafe {
                    avx2::short(guard, state, workspace, groups);
                    wipe::wipe_ymm(guard);
                }
            }
        });
        if done.is_some() {
            return;
        }
    }
    // SAFETY: By this function's requirements.
    unsafe { bmi2::absorb_apart(state, blocks) };
}
