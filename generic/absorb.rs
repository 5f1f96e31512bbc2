// SPDX-License-Identifier: GPL-2.0 OR MIT

//! The trait of implementations, and the calls of a run.

use super::powers::Powers;
use super::scratch::Scratch;
use super::state::State;
use super::{BLOCK_SIZE, CHUNK_SIZE};

/// What an implementation may use besides the state: `struct lib_poly1305_workspace` of the C
/// interface.
#[repr(C)]
pub struct Workspace<'a> {
    /// Cached powers of `r`.
    pub powers: &'a mut Powers,
    /// Scratch memory.
    pub scratch: &'a mut Scratch,
}

/// An implementation, which absorbs whole blocks.
pub trait Absorb {
    /// Absorbs `blocks`, a multiple of [`BLOCK_SIZE`] of at most [`CHUNK_SIZE`] bytes, and not
    /// empty. In a run of at least [`WORKSPACE_MIN_SIZE`] bytes, each call has a `workspace`, also
    /// the last one, which may be for a single block.
    fn absorb(&self, state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]);
}

/// The portable implementation.
#[derive(Clone, Copy)]
pub struct Portable;

impl Absorb for Portable {
    #[inline(always)]
    fn absorb(&self, state: &mut State, _: Option<&mut Workspace<'_>>, blocks: &[u8]) {
        state.absorb(blocks);
    }
}

/// Splits `data` into whole blocks and the rest.
#[inline(always)]
pub(super) fn whole_blocks(data: &[u8]) -> (&[u8], &[u8]) {
    data.split_at(data.len() & !(BLOCK_SIZE - 1))
}

/// Absorbs the whole blocks of `data` with a workspace, in calls of at most [`CHUNK_SIZE`] bytes,
/// and returns the rest.
#[inline(always)]
pub(super) fn absorb_run<'a>(
    by: &impl Absorb,
    state: &mut State,
    powers: &mut Powers,
    data: &'a [u8],
) -> &'a [u8] {
    let mut scratch = Scratch::empty();
    let mut workspace = Workspace {
        powers,
        scratch: &mut scratch,
    };
    let mut data = data;
    while data.len() >= BLOCK_SIZE {
        let whole = data.len() & !(BLOCK_SIZE - 1);
        let (chunk, following) = data.split_at(whole.min(CHUNK_SIZE));
        data = following;
        workspace.scratch.blocks_left = (following.len() / BLOCK_SIZE) as u64;
        absorb_chunk(by, state, &mut workspace, chunk);
    }
    scratch.wipe();
    data
}

/// Calls the implementation. Not inlined: its secrets in registers could be spilled to the frame of
/// the loop above.
#[inline(never)]
fn absorb_chunk(by: &impl Absorb, state: &mut State, workspace: &mut Workspace<'_>, blocks: &[u8]) {
    by.absorb(state, Some(workspace), blocks);
}
