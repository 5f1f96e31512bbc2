// SPDX-License-Identifier: GPL-2.0

//! Calls of implementations: through the patched target, or to a certain one.

use crate::bindings::{self, lib_poly1305_state};
use crate::generic::{Absorb, State, BLOCK_SIZE};
use crate::lock::Control;

/// The `blocks` function of an implementation, as `struct lib_poly1305_ops` asks for.
pub(crate) type Blocks = unsafe extern "C" fn(*mut lib_poly1305_state, *const u8, usize);

/// Bytes in one call: the length of an RCU read-side section, and of all that it makes wait.
const CHUNK: usize = bindings::LIB_POLY1305_MAX_BLOCKS as usize * BLOCK_SIZE;

/// The implementation that is active when the call begins, for each chunk anew.
pub(crate) struct Active;

impl Absorb for Active {
    #[inline(always)]
    fn absorb(&self, state: &mut State, blocks: &[u8]) {
        in_chunks(state, blocks, |state, data, nblocks| {
            // SAFETY: The target is an implementation, which works on a state and reads as many
            // blocks as it is told: by `in_chunks()`, these are valid.
            unsafe { bindings::lib_poly1305_target_call(state, data, nblocks) }
        });
    }
}

/// Calls `call` for as many blocks at a time as one call may have, with a valid state and data of
/// that many blocks.
#[inline(always)]
fn in_chunks(
    state: &mut State,
    blocks: &[u8],
    call: impl Fn(*mut lib_poly1305_state, *const u8, usize),
) {
    // The layouts of both states are the same (`abi.rs`).
    let state = core::ptr::from_mut(state).cast();
    for chunk in blocks.chunks(CHUNK) {
        call(state, chunk.as_ptr(), chunk.len() / BLOCK_SIZE);
    }
}

/// One implementation.
///
/// # Invariants
///
/// The function is one as `struct lib_poly1305_ops` asks for, and is there for as long as this is.
#[derive(Clone, Copy)]
pub(crate) struct Direct(Blocks);

impl Direct {
    /// Takes a function for an implementation.
    ///
    /// # Safety
    ///
    /// It is one as `struct lib_poly1305_ops` asks for, and there for as long as this value is.
    pub(crate) unsafe fn new(blocks: Blocks) -> Self {
        // INVARIANT: By this function's requirement.
        Self(blocks)
    }

    /// The address of the code.
    pub(crate) fn address(self) -> usize {
        self.0 as usize
    }

    /// Makes it the target of [`Active`]: every call that begins from now on. May sleep.
    ///
    /// # Safety
    ///
    /// It must stay until it is replaced as the target and a grace period has gone by after that.
    pub(crate) unsafe fn make_target(self, _: &Control) {
        // SAFETY: The function works as asked for by the type invariants, and stays by this
        // function's requirement.
        unsafe { bindings::lib_poly1305_target_set(Some(self.0)) };
    }
}

impl Absorb for Direct {
    #[inline(always)]
    fn absorb(&self, state: &mut State, blocks: &[u8]) {
        in_chunks(state, blocks, |state, data, nblocks| {
            // SAFETY: The function is there, works on a state and reads as many blocks as it is
            // told, by the type invariants: by `in_chunks()`, these are valid.
            unsafe { bindings::lib_poly1305_direct_call(Some(self.0), state, data, nblocks) }
        });
    }
}
