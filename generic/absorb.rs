// SPDX-License-Identifier: GPL-2.0 OR MIT

//! What an implementation has to do, and runs of its calls over the chunks of a message.

use super::powers::Powers;
use super::scratch::Scratch;
use super::state::State;
use super::{BLOCK_SIZE, CHUNK_SIZE};

/// What an implementation may use beside the state, and can do without: `struct
/// lib_poly1305_workspace` of the C interface.
#[repr(C)]
pub struct Workspace<'a> {
    /// Powers of this computation's `r`.
    pub powers: &'a mut Powers,
    /// Memory to work in.
    pub scratch: &'a mut Scratch,
}

/// An implementation: something that absorbs whole blocks.
pub trait Absorb {
    /// Absorbs `blocks`, a number of bytes that is a multiple of [`BLOCK_SIZE`], from 1 block to
    /// [`CHUNK_SIZE`] bytes. There is a `workspace` in each call of a run of [`WORKSPACE_MIN_SIZE`]
    /// bytes or more, of which the last one may be for a single block.
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

/// The whole blocks that `data` begins with, and the rest of the bytes.
#[inline(always)]
pub(super) fn whole_blocks(data: &[u8]) -> (&[u8], &[u8]) {
    data.split_at(data.len() & !(BLOCK_SIZE - 1))
}

/// Has the whole blocks that `data` begins with absorbed, with what helps if there are many, and
/// gives the rest of the bytes.
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

/// A call of the implementation, out of line wherever it comes from: what it has in registers is
/// not to be mixed with what the loop above needs, and spilled.
#[inline(never)]
fn absorb_chunk(by: &impl Absorb, state: &mut State, workspace: &mut Workspace<'_>, blocks: &[u8]) {
    by.absorb(state, Some(workspace), blocks);
}
