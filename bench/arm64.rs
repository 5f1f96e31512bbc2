// SPDX-License-Identifier: GPL-2.0 OR MIT

//! What `arch_arm64/` has, without the kernel.

use crate::implementation::describe;
use crate::Implementation;

implementation!(Scalar, lib_poly1305_arm64_scalar, |state, _aid, blocks| {
    state.absorb(blocks)
});

/// The implementations that this CPU can run.
pub(crate) fn available() -> impl Iterator<Item = Implementation> {
    [describe::<Scalar>("arm64-scalar", false)].into_iter()
}
