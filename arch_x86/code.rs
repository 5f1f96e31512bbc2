// SPDX-License-Identifier: GPL-2.0

//! What the implementations compute with, which knows no kernel: host tests and benchmarks take
//! the same files in.
//!
//! | file | what it has |
//! |---|---|
//! | `scalar.rs` | one block at a time with `mulx` |
//! | `vector/` | several blocks at a time; `vector/mod.rs` says more |
//!
//! The crate that takes this in has `generic/` as `crate::generic`, and as `crate::fpu` a type
//! `Guard`, whose values are evidence that vector registers may be used now.

#[path = "scalar.rs"]
mod scalar;
#[path = "vector/mod.rs"]
mod vector;

use crate::fpu::{self, Guard};
use crate::generic::{State, Workspace, BLOCK_SIZE, WORKSPACE_MIN_SIZE};

/// Bytes from which on vector code takes less time than scalar code, with what it takes to save
/// the registers.
const SHORT: usize = 320;

/// Bytes from which on a table pays: for words of 32 bits, and the smaller one for IFMA.
const LONG: usize = 2048;
const LONG_IFMA: usize = 1024;

/// Has `blocks` absorbed: by scalar code if there is no workspace, which are few of them.
///
/// # Safety
///
/// The CPU must have BMI2.
#[inline(always)]
unsafe fn with_vectors(
    state: &mut State,
    workspace: Option<&mut Workspace<'_>>,
    blocks: &[u8],
    vector: impl FnOnce(&Guard, &mut State, &mut Workspace<'_>, &[u8]),
) {
    match workspace {
        // SAFETY: By this function's requirement.
        None => unsafe { scalar::absorb(state, blocks) },
        // SAFETY: As above.
        Some(workspace) => unsafe { in_section(state, workspace, blocks, vector) },
    }
}

/// Has `blocks` absorbed by vector code, all but less than four blocks at the beginning; or by
/// scalar code, if there are too few, or vector registers cannot be used now.
///
/// Out of line: in one frame with this, the scalar code above would be made to spill.
///
/// # Safety
///
/// The CPU must have BMI2.
#[inline(never)]
unsafe fn in_section(
    state: &mut State,
    workspace: &mut Workspace<'_>,
    blocks: &[u8],
    vector: impl FnOnce(&Guard, &mut State, &mut Workspace<'_>, &[u8]),
) {
    const { assert!(SHORT >= WORKSPACE_MIN_SIZE) };
    if blocks.len() >= SHORT {
        let done = fpu::with(|guard| {
            let (head, groups) = blocks.split_at(blocks.len() % (4 * BLOCK_SIZE));
            if !head.is_empty() {
                // SAFETY: By this function's requirement.
                unsafe { scalar::absorb_apart(state, head) };
            }
            vector(guard, state, workspace, groups);
        });
        if done.is_some() {
            return;
        }
    }
    // SAFETY: By this function's requirement.
    unsafe { scalar::absorb_apart(state, blocks) };
}

/// Whether a run of groups is a long one: also if a call before has made the table.
#[inline(always)]
fn is_long(workspace: &Workspace<'_>, groups: &[u8], from: usize) -> bool {
    groups.len() >= from || workspace.scratch.cached != 0
}

/// Absorbs blocks with BMI2.
///
/// # Safety
///
/// The CPU must have BMI2.
#[inline(always)]
pub(crate) unsafe fn bmi2(state: &mut State, blocks: &[u8]) {
    // SAFETY: By this function's requirement.
    unsafe { scalar::absorb(state, blocks) };
}

/// Absorbs blocks with AVX2.
///
/// # Safety
///
/// The CPU must have BMI2 and AVX2, and the system save its registers.
#[inline(always)]
pub(crate) unsafe fn avx2(state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]) {
    let vector =
        |guard: &Guard, state: &mut State, workspace: &mut Workspace<'_>, groups: &[u8]| {
            if is_long(workspace, groups, LONG) {
                // SAFETY: By this function's requirements.
                unsafe {
                    vector::long(guard, state, workspace, groups);
                    vector::wipe_ymm(guard);
                }
            } else {
                // SAFETY: As above.
                unsafe {
                    vector::short(guard, state, workspace, groups);
                    vector::wipe_ymm(guard);
                }
            }
        };
    // SAFETY: By this function's requirements.
    unsafe { with_vectors(state, workspace, blocks, vector) };
}

/// Absorbs blocks with AVX-512.
///
/// # Safety
///
/// The CPU must have BMI2, AVX2 and AVX-512F, and the system save their registers.
#[inline(always)]
pub(crate) unsafe fn avx512(
    state: &mut State,
    workspace: Option<&mut Workspace<'_>>,
    blocks: &[u8],
) {
    let vector =
        |guard: &Guard, state: &mut State, workspace: &mut Workspace<'_>, groups: &[u8]| {
            if is_long(workspace, groups, LONG) {
                // SAFETY: By this function's requirements.
                unsafe {
                    vector::wide(guard, state, workspace, groups);
                    vector::wipe_zmm(guard);
                }
            } else {
                // SAFETY: As above.
                unsafe {
                    vector::short(guard, state, workspace, groups);
                    vector::wipe_ymm(guard);
                }
            }
        };
    // SAFETY: By this function's requirements.
    unsafe { with_vectors(state, workspace, blocks, vector) };
}

/// Absorbs blocks with AVX-512 IFMA.
///
/// # Safety
///
/// The CPU must have BMI2, AVX2, AVX-512F and AVX-512 IFMA, and the system save their registers.
#[inline(always)]
pub(crate) unsafe fn ifma(state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]) {
    let vector =
        |guard: &Guard, state: &mut State, workspace: &mut Workspace<'_>, groups: &[u8]| {
            if is_long(workspace, groups, LONG_IFMA) {
                // SAFETY: By this function's requirements.
                unsafe {
                    vector::ifma(guard, state, workspace, groups);
                    vector::wipe_zmm(guard);
                }
            } else {
                // SAFETY: As above.
                unsafe {
                    vector::short(guard, state, workspace, groups);
                    vector::wipe_ymm(guard);
                }
            }
        };
    // SAFETY: By this function's requirements.
    unsafe { with_vectors(state, workspace, blocks, vector) };
}
