// SPDX-License-Identifier: GPL-2.0

//! Calls of implementations: of the target, or of one in particular.

use core::mem::MaybeUninit;
use core::ptr;

use crate::bindings::{self, lib_poly1305_state, lib_poly1305_workspace};
use crate::generic::{Absorb, Context, State, Workspace, BLOCK_SIZE, KEY_SIZE, TAG_SIZE};
use crate::lock::Control;
use crate::portable::lib_poly1305_generic_blocks;

/// The `blocks` function of `struct lib_poly1305_ops`.
pub(crate) type Blocks =
    unsafe extern "C" fn(*mut lib_poly1305_state, *mut lib_poly1305_workspace, *const u8, usize);

/// The implementation that is active when a call begins. Each call, of at most 4 KiB, is an RCU
/// read-side section, which all that waits for it waits for.
pub(crate) struct Active;

impl Absorb for Active {
    #[inline(always)]
    fn absorb(&self, state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]) {
        // SAFETY: The target is an implementation, which works on a state and with a workspace,
        // whose layouts are the same (`layout.rs`), and reads as many blocks as it is told.
        unsafe {
            bindings::lib_poly1305_target_call(
                ptr::from_mut(state).cast(),
                workspace.map_or(ptr::null_mut(), |workspace| ptr::from_mut(workspace).cast()),
                blocks.as_ptr(),
                blocks.len() / BLOCK_SIZE,
            )
        }
    }
}

/// One implementation.
///
/// # Invariants
///
/// The function does what `struct lib_poly1305_ops` says, and is not freed before this value.
#[derive(Clone, Copy)]
pub(crate) struct Direct(Blocks);

impl Direct {
    /// The portable implementation.
    // INVARIANT: The function is this module's own.
    pub(crate) const PORTABLE: Self = Self(lib_poly1305_generic_blocks);

    /// Makes an implementation of a function.
    ///
    /// # Safety
    ///
    /// It does what `struct lib_poly1305_ops` says, and is not freed before this value.
    pub(crate) unsafe fn new(blocks: Blocks) -> Self {
        // INVARIANT: By this function's requirement.
        Self(blocks)
    }

    /// The address of the code.
    pub(crate) fn address(self) -> usize {
        self.0 as usize
    }

    /// Makes it the target of [`Active`], for all calls that begin from now on. May sleep.
    ///
    /// # Safety
    ///
    /// It must not be freed until it is replaced as the target and a grace period has passed after
    /// that.
    pub(crate) unsafe fn make_target(self, _: &Control) {
        // SAFETY: The function does what the header says by the type invariants, and is not freed
        // by this function's requirement.
        unsafe { bindings::lib_poly1305_target_set(Some(self.0)) };
    }
}

impl Direct {
    /// Adds message bytes. Not inlined, as it has several callers.
    #[inline(never)]
    pub(crate) fn update(self, context: &mut Context, data: &[u8]) {
        context.update(&self, data);
    }

    /// The tag of a whole message, by way of a context: one-shot code of its own would make the
    /// library larger.
    #[inline(never)]
    pub(crate) fn mac(self, key: &[u8; KEY_SIZE], data: &[u8]) -> [u8; TAG_SIZE] {
        let mut place = MaybeUninit::uninit();
        let context = Context::begin(&mut place, key);
        self.update(context, data);
        context.finish()
    }
}

impl Absorb for Direct {
    #[inline(always)]
    fn absorb(&self, state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]) {
        // SAFETY: The function is there, works on a state and with a workspace, whose layouts are
        // the same (`layout.rs`), and reads as many blocks as it is told, by the type invariants.
        unsafe {
            bindings::lib_poly1305_direct_call(
                Some(self.0),
                ptr::from_mut(state).cast(),
                workspace.map_or(ptr::null_mut(), |workspace| ptr::from_mut(workspace).cast()),
                blocks.as_ptr(),
                blocks.len() / BLOCK_SIZE,
            )
        }
    }
}
