// SPDX-License-Identifier: GPL-2.0

//! Scalar code.

use kernel::prelude::*;

use crate::generic::{Aid, State};
use crate::provider::Implementation;

/// The implementation `arm64-scalar`. Every CPU can run it.
pub(crate) struct Scalar;

impl Implementation for Scalar {
    const NAME: &'static CStr = c"arm64-scalar";
    fn priority(&self) -> i32 {
        100
    }

    fn absorb(&self, state: &mut State, _: Option<&mut Aid<'_>>, blocks: &[u8]) {
        state.absorb(blocks);
    }
}
