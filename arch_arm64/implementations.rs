// SPDX-License-Identifier: GPL-2.0

//! The implementations, as the library sees them.

use kernel::prelude::*;

use crate::bindings;
use crate::code;
use crate::generic::{State, Workspace};
use crate::provider::{Detect, Implementation};

/// Scalar code: `arm64-scalar`. Every CPU can run it.
pub(crate) struct Scalar;

impl Implementation for Scalar {
    const NAME: &'static CStr = c"arm64-scalar";

    fn priority(&self) -> i32 {
        100
    }

    fn absorb(&self, state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]) {
        code::scalar(state, workspace, blocks);
    }
}

/// `arm64-neon`.
///
/// # Invariants
///
/// The CPU has Advanced SIMD, and the kernel may use it.
pub(crate) struct Neon(());

impl Detect for Neon {
    const WHY_NOT: &'static CStr =
        c"the CPU has no Advanced SIMD, or the kernel does not use it itself";

    fn detect() -> Option<Self> {
        // SAFETY: An FFI call without requirements.
        let has = unsafe { bindings::lib_poly1305_arm64_has_neon() };
        // INVARIANT: As asked just now.
        has.then_some(Self(()))
    }
}

impl Implementation for Neon {
    const NAME: &'static CStr = c"arm64-neon";

    fn priority(&self) -> i32 {
        // SAFETY: An FFI call without requirements.
        if unsafe { bindings::lib_poly1305_arm64_prefers_scalar() } {
            50
        } else {
            200
        }
    }

    fn absorb(&self, state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]) {
        // SAFETY: The CPU has it by the type invariants.
        unsafe { code::neon(state, workspace, blocks) };
    }
}
