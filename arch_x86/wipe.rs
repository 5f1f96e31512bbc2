// SPDX-License-Identifier: GPL-2.0

//! Wiping of what vector code leaves: registers, and the stack frames of its functions, where the
//! compiler may have put anything.
//!
//! The caller of such a function wipes both while it still has the `Guard`. The stack is below its
//! own frame then, and takes a few stores.

use core::arch::asm;

use crate::fpu::Guard;

/// Clears registers by their numbers.
macro_rules! clear_registers {
    ($($n:literal)*) => {
        concat!($("vpxor xmm", $n, ", xmm", $n, ", xmm", $n, "\n",)*)
    };
}

/// Wipes so many times 32 bytes of the stack, from the stack pointer down.
macro_rules! wipe_below {
    ($($n:literal)*) => {
        concat!($("vmovdqu [rsp - 32*", $n, "], ymm0\n",)*)
    };
}

/// Wipes what vector code left in registers, and on the stack below the caller's frame.
///
/// # Safety
///
/// The CPU must have AVX2.
#[inline(always)]
pub(crate) unsafe fn wipe(_: &Guard) {
    // SAFETY: The CPU has AVX2 by this function's requirement, and by the `Guard` its registers may
    // be used. The block writes below the stack pointer only: nothing is there, as the block may
    // use the stack. Its registers are declared.
    unsafe {
        asm!(
            "/* the stack and registers */",
            clear_registers!(0),
            wipe_below!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17),
            clear_registers!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15),
            // The upper parts, also those of AVX-512.
            "vzeroupper",
            out("ymm0") _, out("ymm1") _, out("ymm2") _, out("ymm3") _, out("ymm4") _,
            out("ymm5") _, out("ymm6") _, out("ymm7") _, out("ymm8") _, out("ymm9") _,
            out("ymm10") _, out("ymm11") _, out("ymm12") _, out("ymm13") _, out("ymm14") _,
            out("ymm15") _,
            options(preserves_flags),
        );
    }
}
