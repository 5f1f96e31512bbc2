// SPDX-License-Identifier: GPL-2.0

//! BMI2: one block at a time, with `mulx`, which leaves the flags alone and puts its results where
//! it is told to.
//!
//!     h = (h + m + 2^128) r mod 2^130 - 5
//!
//! The sum is three words, `h0 + h1 2^64 + h2 2^128`, of which the third one may have 62 bits, as
//! nothing is folded between blocks. The clamp makes `r1` divisible by four, so that `r1 2^128` is
//! `s1 = 5/4 r1` exactly; and of `h2 2^128` what is above bit 130 counts five times. So the product is
//!
//!     (h0 r0 + h1 s1 + q 5 r0) + (h0 r1 + h1 r0 + h2 s1) 2^64 + (t r0) 2^128
//!
//! with `q = h2 >> 2` and `t = h2 & 3`. The bounds: with `h2` at most 6 * 2^60,
//!
//! - the first sum is below (16 + 20 + 7.5) 2^120, the second one, with the upper half of the first,
//!   below (16 + 16 + 7.5 + 1) 2^120;
//! - the next `h2` is at most (3 + 2.6) 2^60, and 1 and a carry are added to it with the next block.
//!
//! The order of the instructions is the fastest on Golden Cove of some thousands that were tried.

use core::arch::asm;

use crate::generic::{State, BLOCK_SIZE};

/// Absorbs whole blocks in a stack frame of its own. No secret is spilled to it, as there are enough
/// registers.
///
/// # Safety
///
/// The CPU must have BMI2.
#[inline(never)]
pub(super) unsafe fn absorb_apart(state: &mut State, blocks: &[u8]) {
    // SAFETY: By this function's requirement.
    unsafe { absorb(state, blocks) };
}

/// Absorbs whole blocks.
///
/// # Safety
///
/// The CPU must have BMI2.
#[inline(always)]
pub(super) unsafe fn absorb(state: &mut State, blocks: &[u8]) {
    let blocks = &blocks[..blocks.len() / BLOCK_SIZE * BLOCK_SIZE];
    if blocks.is_empty() {
        return;
    }
    let (h, [r0, r1]) = state.to_words();
    let [mut low, mut middle, mut high] = h;
    // SAFETY: The CPU has BMI2 by this function's requirement. The block reads `blocks` 16 bytes at a
    // time; its registers are declared.
    unsafe {
        asm!(
            ".p2align 5",
            "2:",
            "add {low}, [{data}]",
            "adc {middle}, [{data} + 8]",
            "adc {high}, 1",
            "mov rdx, {low}",
            "mulx {d}, {low}, {r1}",
            "mulx {b}, {a}, {r0}",
            "mov rdx, {middle}",
            "mulx {c}, {middle}, {s1}",
            "add {a}, {middle}",
            "adc {b}, {c}",
            "mulx {c}, {middle}, {r0}",
            "add {low}, {middle}",
            "mov rdx, {high}",
            "adc {d}, {c}",
            "mulx {c}, {middle}, {s1}",
            "and {high:e}, 3",
            "shr rdx, 2",
            "lea rdx, [rdx + rdx*4]",
            "imul {high}, {r0}",
            "add {low}, {middle}",
            "adc {d}, {c}",
            "mulx {c}, {middle}, {r0}",
            "add {a}, {middle}",
            "adc {b}, {c}",
            "add {data}, 16",
            "add {low}, {b}",
            "mov {middle}, {low}",
            "adc {high}, {d}",
            "mov {low}, {a}",
            "cmp {data}, {end}",
            "jne 2b",
            data = inout(reg) blocks.as_ptr() => _,
            end = in(reg) blocks.as_ptr_range().end,
            r0 = in(reg) r0,
            r1 = in(reg) r1,
            s1 = in(reg) r1.wrapping_add(r1 >> 2),
            low = inout(reg) low,
            middle = inout(reg) middle,
            high = inout(reg) high,
            a = out(reg) _,
            b = out(reg) _,
            c = out(reg) _,
            d = out(reg) _,
            out("rdx") _,
            options(nostack, readonly),
        );
    }
    state.set_product([low, middle, high]);
}
