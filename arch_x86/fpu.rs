// SPDX-License-Identifier: GPL-2.0

//! Sections of code that may use vector registers.

use core::marker::PhantomData;

use crate::bindings;
use crate::generic::clear_registers;

/// Evidence that vector registers may be used, on the CPU that this runs on.
///
/// # Invariants
///
/// `kernel_fpu_begin()` was called on this CPU, and `kernel_fpu_end()` was not since.
pub(crate) struct Guard {
    /// It belongs to the CPU.
    _not_send: PhantomData<*mut ()>,
}

/// Runs code that may use vector registers, if that is possible here: not where such code was
/// interrupted.
///
/// The CPU cannot be changed meanwhile, and nothing else is run on it in task context, so that
/// sections should be short: those of this module are of one call, which has at most 4 KiB.
///
/// C header: `arch/x86/include/asm/fpu/api.h` of the kernel.
#[inline(always)]
pub(crate) fn with<R>(code: impl FnOnce(&Guard) -> R) -> Option<R> {
    // SAFETY: An FFI call without requirements.
    if !unsafe { bindings::lib_poly1305_x86_fpu_begin() } {
        return None;
    }
    // INVARIANT: Begun just now, and `code` cannot keep it until after the end.
    let result = code(&Guard {
        _not_send: PhantomData,
    });
    // What ends the section may save any of them.
    clear_registers();
    // SAFETY: It was begun above.
    unsafe { bindings::lib_poly1305_x86_fpu_end() };
    Some(result)
}
