// SPDX-License-Identifier: GPL-2.0

//! Sections of code that may use vector registers.

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use crate::bindings;
use crate::generic::clear_registers;

/// Evidence that vector registers may be used, in the task or the softirq that this runs in.
///
/// # Invariants
///
/// `kernel_neon_begin()` was called, and `kernel_neon_end()` was not since.
pub(crate) struct Guard {
    /// It belongs to the task.
    _not_send: PhantomData<*mut ()>,
}

/// Runs code that may use vector registers, if that is possible here: not in hardirq context, and
/// not inside a section of the task. In softirq it is possible everywhere.
///
/// Registers that something else was using are kept on the stack meanwhile: 544 bytes.
///
/// C header: `arch/arm64/include/asm/neon.h` of the kernel.
#[inline(always)]
pub(crate) fn with<R>(code: impl FnOnce(&Guard) -> R) -> Option<R> {
    let mut room = MaybeUninit::uninit();
    // SAFETY: The room is valid for writes, and stays where it is until the end below.
    if !unsafe { bindings::lib_poly1305_arm64_neon_begin(room.as_mut_ptr()) } {
        return None;
    }
    // INVARIANT: Begun just now, and `code` cannot keep it until after the end.
    let result = code(&Guard {
        _not_send: PhantomData,
    });
    // What ends the section may save any of them.
    clear_registers();
    // SAFETY: It was begun above, with this room.
    unsafe { bindings::lib_poly1305_arm64_neon_end(room.as_mut_ptr()) };
    Some(result)
}
