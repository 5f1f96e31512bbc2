// SPDX-License-Identifier: GPL-2.0 OR MIT

//! In place of the `fpu.rs` of an architecture: a process may use vector registers at any time.

// Not every architecture has vector code.
#![cfg_attr(
    not(any(target_arch = "aarch64", target_arch = "x86_64")),
    allow(dead_code)
)]

use std::cell::Cell;

thread_local! {
    static DENIED: Cell<bool> = const { Cell::new(false) };
}

/// Makes this thread like a place in the kernel where vector registers cannot be used, or not.
pub fn deny_vector_registers(denied: bool) {
    DENIED.set(denied);
}

/// Evidence that vector registers may be used.
pub(crate) struct Guard(());

/// Runs code that may use vector registers, unless that was denied.
#[inline(always)]
pub(crate) fn with<R>(code: impl FnOnce(&Guard) -> R) -> Option<R> {
    (!DENIED.get()).then(|| code(&Guard(())))
}
