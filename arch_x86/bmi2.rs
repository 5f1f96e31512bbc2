// SPDX-License-Identifier: GPL-2.0

//! Scalar code with BMI2: `mulx` leaves the flags alone and chooses where its result goes, which
//! the compiler makes use of in the portable arithmetic.

use kernel::prelude::*;

use crate::bindings;
use crate::generic::State;
use crate::provider::Implementation;

/// The implementation `x86_64-bmi2`.
///
/// # Invariants
///
/// The CPU has BMI2.
pub(crate) struct Bmi2(());

impl Bmi2 {
    /// Looks at the CPU.
    pub(crate) fn detect() -> Option<Self> {
        // SAFETY: An FFI call without requirements.
        let has_bmi2 = unsafe { bindings::lib_poly1305_x86_has_bmi2() };
        // INVARIANT: As asked just now.
        has_bmi2.then_some(Self(()))
    }
}

impl Implementation for Bmi2 {
    const NAME: &'static CStr = c"x86_64-bmi2";
    const PRIORITY: i32 = 100;

    fn absorb(&self, state: &mut State, blocks: &[u8]) {
        // SAFETY: The CPU has BMI2 by the type invariants.
        unsafe { absorb(state, blocks) };
    }
}

/// Absorbs whole blocks.
///
/// # Safety
///
/// The CPU must have BMI2.
#[target_feature(enable = "bmi2")]
unsafe fn absorb(state: &mut State, blocks: &[u8]) {
    state.absorb(blocks);
}
