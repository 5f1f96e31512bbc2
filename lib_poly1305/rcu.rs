// SPDX-License-Identifier: GPL-2.0

//! RCU grace periods, after which every read-side critical section that was running before has
//! ended.

use crate::bindings;

/// Waits for a grace period. May sleep.
pub(crate) fn synchronize() {
    // SAFETY: An FFI call with no requirement but that of the context.
    unsafe { bindings::lib_poly1305_synchronize_rcu() };
}

/// A grace period that can be polled.
#[derive(Clone, Copy)]
pub(crate) struct GracePeriod(usize);

impl GracePeriod {
    /// Starts one. Does not sleep.
    pub(crate) fn start() -> Self {
        // SAFETY: An FFI call without requirements.
        Self(unsafe { bindings::lib_poly1305_start_grace_period() })
    }

    /// Whether it is over. Does not sleep.
    pub(crate) fn is_over(self) -> bool {
        // SAFETY: An FFI call without requirements.
        unsafe { bindings::lib_poly1305_grace_period_over(self.0) }
    }
}
