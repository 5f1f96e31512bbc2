// SPDX-License-Identifier: GPL-2.0

//! Sections of code that may use vector registers.

use core::marker::PhantomData;

use crate::bindings;

/// A section: vector registers may be used for as long as a value exists.
///
/// The CPU cannot be changed meanwhile, and nothing else is run on it in task context, so that
/// sections should be short: those of this module are of one call, which has at most 4 KiB.
///
/// C header: `arch/x86/include/asm/fpu/api.h` of the kernel.
///
/// # Invariants
///
/// `kernel_fpu_begin()` was called on this CPU, and `kernel_fpu_end()` was not since.
pub(crate) struct Section {
    /// It belongs to the CPU.
    _not_send: PhantomData<*mut ()>,
}

impl Section {
    /// Begins a section, if that is possible here: not where a section was interrupted.
    #[inline(always)]
    pub(crate) fn begin() -> Option<Self> {
        // SAFETY: An FFI call without requirements.
        let begun = unsafe { bindings::lib_poly1305_x86_fpu_begin() };
        // INVARIANT: As it says.
        begun.then(|| Self {
            _not_send: PhantomData,
        })
    }
}

impl Drop for Section {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: The section was begun by the type invariants.
        unsafe { bindings::lib_poly1305_x86_fpu_end() };
    }
}
