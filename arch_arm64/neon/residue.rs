// SPDX-License-Identifier: GPL-2.0

//! What the functions here leave: the frames that they had, where a compiler puts what it likes, and
//! vector registers.

use core::arch::asm;

use crate::fpu::Guard;

/// Wipes that many times 32 bytes of the stack, from the stack pointer down.
macro_rules! wipe_below {
    ($($i:literal)*) => { concat!($("stp q0, q0, [sp, #-32*", $i, "]\n",)*) };
}

/// Wipes what [`absorb()`](super::absorb) left on the stack below the caller's frame, and clears the
/// vector registers of its loop. Filling a table clears those that only it has.
///
/// Out of line: there is no vector instruction outside of this folder.
///
/// # Safety
///
/// The CPU must have Advanced SIMD.
#[inline(never)]
pub(crate) unsafe fn wipe(_: &Guard) {
    // SAFETY: The CPU has Advanced SIMD by this function's requirement, and its registers may be
    // used by the section. The block writes below the stack pointer only: nothing is there, as the
    // block may use the stack. Its registers are declared.
    unsafe {
        asm!(
            "/* the stack and registers */",
            ".arch_extension simd",
            clear!(0),
            wipe_below!(1 2 3 4),
            clear!(1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31),
            out("v0") _, out("v1") _, out("v2") _, out("v3") _, out("v4") _, out("v5") _,
            out("v6") _, out("v7") _, out("v16") _, out("v17") _, out("v18") _, out("v19") _,
            out("v20") _, out("v21") _, out("v22") _, out("v23") _, out("v24") _, out("v25") _,
            out("v26") _, out("v27") _, out("v28") _, out("v29") _, out("v30") _, out("v31") _,
            options(preserves_flags),
        );
    }
}
