// SPDX-License-Identifier: GPL-2.0

//! Threads for tests that do several things at the same time.

use core::ptr;

use kernel::ffi::c_void;
use kernel::prelude::*;

use crate::bindings;

/// Threads that call `f`, one on each CPU, until this is dropped or [`Self::stop`]ped.
pub(crate) struct Threads(bool);

impl Threads {
    /// Starts them.
    pub(crate) fn start(f: unsafe extern "C" fn(*mut c_void) -> bool) -> Result<Self> {
        // SAFETY: `f` takes no state, and threads are ended when this goes.
        let result =
            unsafe { bindings::lib_poly1305_kunit_start_threads(Some(f), ptr::null_mut()) };
        kernel::error::to_result(result)?;
        Ok(Self(true))
    }

    /// Stops them, and returns the number of calls of `f` if all returned true.
    pub(crate) fn stop(mut self) -> Result<usize> {
        self.0 = false;
        // SAFETY: They were started.
        let calls = unsafe { bindings::lib_poly1305_kunit_stop_threads() };
        usize::try_from(calls).map_err(|_| EINVAL)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        if self.0 {
            // SAFETY: They were started, and not stopped.
            unsafe { bindings::lib_poly1305_kunit_stop_threads() };
        }
    }
}

/// Sleeps.
pub(crate) fn sleep_ms(ms: u32) {
    // SAFETY: A test may sleep.
    unsafe { bindings::lib_poly1305_kunit_sleep_ms(ms) };
}
