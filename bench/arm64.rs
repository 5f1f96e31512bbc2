// SPDX-License-Identifier: GPL-2.0 OR MIT

//! What `arch_arm64/` has, without the kernel.

use crate::implementation::describe;
use crate::{code, Implementation};

implementation!(
    Scalar,
    lib_poly1305_arm64_scalar,
    |state, workspace, blocks| code::scalar(state, workspace, blocks)
);
implementation!(Neon, lib_poly1305_arm64_neon, |state, workspace, blocks| {
    code::neon(state, workspace, blocks)
});

/// The implementations that this CPU can run: Linux needs a CPU with Advanced SIMD for its
/// processes.
pub(crate) fn available() -> impl Iterator<Item = Implementation> {
    [
        describe::<Scalar>("arm64-scalar", false),
        describe::<Neon>("arm64-neon", false),
    ]
    .into_iter()
}
