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

/// Absorbs whole blocks in a stack frame of its own, of which nothing secret is left: the compiler
/// has enough registers.
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
    // Portable code, which multiplies once less, takes less time for one block.
    if let Ok(block) = blocks.try_into() {
        state.absorb_block(block);
        return;
    }
    let blocks = &blocks[..blocks.len() / BLOCK_SIZE * BLOCK_SIZE];
    if blocks.is_empty() {
        return;
    }
    let (h, [r0, r1]) = state.to_words();
    let [mut low, mut middle, mut high] = h;
    // SAFETY: The CPU has BMI2 by this function's requirement. The block reads `blocks` 16 bytes at a
    // time, and leaves the stack as it was; its registers are declared.
    unsafe {
        asm!(
            // 5 r0 and the end of the blocks, for which there is no register.
            "push {a}",
            "push {b}",
            ".p2align 5",
            "2:",
            "add {low}, [{data}]",
            "mov rdx, {low}",
            "mulx {b}, {a}, {r0}",
            "adc {middle}, [{data} + 8]",
            "mulx {d}, {low}, {r1}",
            "mov rdx, {middle}",
            "mulx {c}, {middle}, {s1}",
            "adc {high}, 1",
            "add {a}, {middle}",
            "adc {b}, {c}",
            "mulx {c}, {middle}, {r0}",
            "add {low}, {middle}",
            "mov rdx, {high}",
            "adc {d}, {c}",
            "mulx {c}, {middle}, {s1}",
            "shr rdx, 2",
            "add {low}, {middle}",
            "adc {d}, {c}",
            "mulx {c}, {middle}, [rsp + 8]",
            "add {a}, {middle}",
            "adc {b}, {c}",
            "add {data}, 16",
            "and {high:e}, 3",
            "imul {high}, {r0}",
            "add {low}, {b}",
            "mov {middle}, {low}",
            "adc {high}, {d}",
            "mov {low}, {a}",
            "cmp {data}, [rsp]",
            "jne 2b",
            // No secret stays below the stack.
            "mov qword ptr [rsp + 8], 0",
            "add rsp, 16",
            data = inout(reg) blocks.as_ptr() => _,
            r0 = in(reg) r0,
            r1 = in(reg) r1,
            s1 = in(reg) r1.wrapping_add(r1 >> 2),
            low = inout(reg) low,
            middle = inout(reg) middle,
            high = inout(reg) high,
            a = inout(reg) r0.wrapping_mul(5) => _,
            b = inout(reg) blocks.as_ptr_range().end => _,
            c = out(reg) _,
            d = out(reg) _,
            out("rdx") _,
        );
    }
    state.set_product([low, middle, high]);
}
