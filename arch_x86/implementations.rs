// SPDX-License-Identifier: GPL-2.0

//! The implementations, as the library sees them.

use kernel::prelude::*;

use crate::bindings;
use crate::code;
use crate::generic::{State, Workspace};
use crate::provider::{Detect, Implementation};

/// Scalar code with BMI2: `x86_64-bmi2`.
///
/// # Invariants
///
/// The CPU has BMI2.
pub(crate) struct Bmi2(());

impl Detect for Bmi2 {
    const WHY_NOT: &'static CStr = c"the CPU has no BMI2";

    fn detect() -> Option<Self> {
        // SAFETY: An FFI call without requirements.
        let has = unsafe { bindings::lib_poly1305_x86_has_bmi2() };
        // INVARIANT: As asked just now.
        has.then_some(Self(()))
    }
}

impl Implementation for Bmi2 {
    const NAME: &'static CStr = c"x86_64-bmi2";

    fn priority(&self) -> i32 {
        100
    }

    fn absorb(&self, state: &mut State, _: Option<&mut Workspace<'_>>, blocks: &[u8]) {
        // SAFETY: The CPU has BMI2 by the type invariants.
        unsafe { code::bmi2(state, blocks) };
    }
}

/// `x86_64-avx2`.
///
/// # Invariants
///
/// The CPU has BMI2 and AVX2, and the kernel saves its registers.
pub(crate) struct Avx2(());

impl Detect for Avx2 {
    const WHY_NOT: &'static CStr =
        c"the CPU has no AVX2 or BMI2, or the kernel does not save its registers";

    fn detect() -> Option<Self> {
        // SAFETY: An FFI call without requirements.
        let has = unsafe { bindings::lib_poly1305_x86_has_avx2() };
        // INVARIANT: As asked just now.
        has.then_some(Self(()))
    }
}

impl Implementation for Avx2 {
    const NAME: &'static CStr = c"x86_64-avx2";

    fn priority(&self) -> i32 {
        200
    }

    fn absorb(&self, state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]) {
        // SAFETY: The CPU has them by the type invariants.
        unsafe { code::avx2(state, workspace, blocks) };
    }
}

/// The priority of code with 512-bit registers: below that of AVX2 where they slow down the clock,
/// and with it all that the core does for some time, as on Skylake-X. Who wants it there selects it
/// by name.
fn with_zmm(priority: i32) -> i32 {
    // SAFETY: An FFI call without requirements.
    if unsafe { bindings::lib_poly1305_x86_slowed_by_zmm() } {
        priority - 180
    } else {
        priority
    }
}

/// `x86_64-avx512`.
///
/// # Invariants
///
/// The CPU has BMI2, AVX2 and AVX-512F, and the kernel saves their registers.
pub(crate) struct Avx512(());

impl Detect for Avx512 {
    const WHY_NOT: &'static CStr =
        c"the CPU has no AVX-512F, or the kernel does not save its registers";

    fn detect() -> Option<Self> {
        // SAFETY: An FFI call without requirements.
        let has = unsafe { bindings::lib_poly1305_x86_has_avx512f() };
        // INVARIANT: As asked just now.
        has.then_some(Self(()))
    }
}

impl Implementation for Avx512 {
    const NAME: &'static CStr = c"x86_64-avx512";

    fn priority(&self) -> i32 {
        with_zmm(300)
    }

    fn absorb(&self, state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]) {
        // SAFETY: The CPU has them by the type invariants.
        unsafe { code::avx512(state, workspace, blocks) };
    }
}

/// `x86_64-avx512ifma`.
///
/// # Invariants
///
/// The CPU has BMI2, AVX2, AVX-512F and AVX-512 IFMA, and the kernel saves their registers.
pub(crate) struct Ifma(());

impl Detect for Ifma {
    const WHY_NOT: &'static CStr =
        c"the CPU has no AVX-512 IFMA, or the kernel does not save its registers";

    fn detect() -> Option<Self> {
        // SAFETY: An FFI call without requirements.
        let has = unsafe { bindings::lib_poly1305_x86_has_avx512ifma() };
        // INVARIANT: As asked just now.
        has.then_some(Self(()))
    }
}

impl Implementation for Ifma {
    const NAME: &'static CStr = c"x86_64-avx512ifma";

    fn priority(&self) -> i32 {
        with_zmm(310)
    }

    fn absorb(&self, state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]) {
        // SAFETY: The CPU has them by the type invariants.
        unsafe { code::ifma(state, workspace, blocks) };
    }
}
