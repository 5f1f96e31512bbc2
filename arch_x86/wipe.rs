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
    ($op:literal $width:literal: $($n:literal)*) => {
        concat!($($op, " ", $width, $n, ", ", $width, $n, ", ", $width, $n, "\n",)*)
    };
}

/// Wipes so many times 32 bytes of the stack, from the stack pointer down.
macro_rules! wipe_below {
    ($($n:literal)*) => {
        concat!($("vmovdqu [rsp - 32*", $n, "], ymm0\n",)*)
    };
}

/// Wipes what the code of `avx2.rs` left.
///
/// # Safety
///
/// The CPU must have AVX2.
#[inline(always)]
pub(crate) unsafe fn wipe_ymm(_: &Guard) {
    // SAFETY: The CPU has AVX2 by this function's requirement, and by the `Guard` its registers may
    // be used. The block writes below the stack pointer only: nothing is there, as the block may
    // use the stack. Its registers are declared.
    unsafe {
        asm!(
            "/* the stack and registers */",
            clear_registers!("vpxor" "xmm": 0),
            wipe_below!(1 2 3 4 5 6 7 8 9 10 11 12 13 14),
            clear_registers!("vpxor" "xmm": 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15),
            "vzeroupper",
            out("ymm0") _, out("ymm1") _, out("ymm2") _, out("ymm3") _, out("ymm4") _,
            out("ymm5") _, out("ymm6") _, out("ymm7") _, out("ymm8") _, out("ymm9") _,
            out("ymm10") _, out("ymm11") _, out("ymm12") _, out("ymm13") _, out("ymm14") _,
            out("ymm15") _,
            options(preserves_flags),
        );
    }
}

/// Wipes what the code of `avx512ifma.rs` left.
///
/// # Safety
///
/// The CPU must have AVX2 and AVX-512F.
#[inline(always)]
pub(crate) unsafe fn wipe_zmm(guard: &Guard) {
    // SAFETY: The CPU has AVX-512F by this function's requirement; the rest is as for `wipe_ymm()`.
    unsafe {
        asm!(
            "/* the stack and registers */",
            clear_registers!("vpxor" "xmm": 0),
            wipe_below!(15 16 17),
            clear_registers!("vpxorq" "zmm": 16 17 18 19 20),
            out("zmm0") _,
            out("zmm16") _, out("zmm17") _, out("zmm18") _, out("zmm19") _, out("zmm20") _,
            options(preserves_flags),
        );
    }
    // SAFETY: By this function's requirement.
    unsafe { wipe_ymm(guard) };
}
