// SPDX-License-Identifier: GPL-2.0 OR MIT

//! In place of the `fpu.rs` of an architecture: a process may use vector registers at any time.

// Not every architecture has vector code.
#![cfg_attr(not(target_arch = "x86_64"), allow(dead_code))]

use std::cell::Cell;

thread_local! {
    static DENIED: Cell<bool> = const { Cell::new(false) };
}

/// Makes this thread like a place in the kernel where vector registers cannot be used, or not.
pub fn deny_vector_registers(denied: bool) {
    DENIED.set(denied);
}

/// A section of code that may use vector registers.
pub(crate) struct Section(());

impl Section {
    /// Begins a section.
    #[inline(always)]
    pub(crate) fn begin() -> Option<Self> {
        (!DENIED.get()).then_some(Self(()))
    }
}
