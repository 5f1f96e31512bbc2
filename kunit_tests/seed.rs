// SPDX-License-Identifier: GPL-2.0

//! The seed of this run.

use crate::bindings;

/// The parameter `seed` of this module or, if that is 0, a number that differs from run to run.
pub(crate) fn seed() -> u64 {
    // SAFETY: An FFI call without requirements.
    unsafe { bindings::lib_poly1305_kunit_seed() }
}
