// SPDX-License-Identifier: GPL-2.0

//! BMI2: one block at a time, with `mulx`, which leaves the flags alone and puts its results where
//! it is told to.
//!
//!     h = (h + m + 2^128) r mod 2^130 - 5
//!
//! The step is that of the portable code (`generic/accumulator.rs` has the bounds):
//!
//! - `low`, `middle`, `high`: the product of the block before, words of weight 1, 2^64 and 2^128, with
//!   `high` at most 11 * 2^60;
//! - `a`: five times what is above bit 130, as 2^130 = 5;
//! - `low`, `middle`, `h2`: then `h + m + 2^128`, with `h2` at most 6;
//! - `r0`, `r1`: the words of `r`. The clamp makes `r1` divisible by four, so that `r1 2^128` is
//!   `s1 = 5/4 r1` exactly.

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
    let blocks = match blocks.len() / BLOCK_SIZE {
        0 => return,
        n => &blocks[..n * BLOCK_SIZE],
    };
    let (h, r) = state.to_words();
    let [mut low, mut middle, mut high] = h;
    // SAFETY: The CPU has BMI2 by this function's requirement. The block reads `blocks`, which is
    // not empty, 16 bytes at a time; its registers are declared.
    unsafe {
        asm!(
            ".p2align 5",
            "2:",
            // Five times what is above bit 130: four times where it stands, and once.
            "mov {a}, {high}",
            "mov {h2}, {high}",
            "and {a}, -4",
            "shr {high}, 2",
            "and {h2:e}, 3",
            "add {a}, {high}",
            "inc {h2}",
            // The block, with the bit above it, before that: it is there earlier.
            "add {low}, [{data}]",
            "adc {middle}, [{data} + 8]",
            "adc {h2}, 0",
            "add {data}, 16",
            "add {low}, {a}",
            "adc {middle}, 0",
            "adc {h2}, 0",
            // The products of weight 1, 2^64 and 2^128.
            "mov rdx, {low}",
            "mulx {b}, {a}, {r0}",
            "mulx {high}, {low}, {r1}",
            "mov rdx, {middle}",
            "mulx {c}, {middle}, {s1}",
            "add {a}, {middle}",
            "adc {b}, {c}",
            "mulx {c}, {middle}, {r0}",
            "mov rdx, {h2}",
            "imul {h2}, {s1}",
            "imul rdx, {r0}",
            "add {middle}, {low}",
            "adc {high}, {c}",
            "add {middle}, {h2}",
            "adc {high}, rdx",
            "add {middle}, {b}",
            "adc {high}, 0",
            "mov {low}, {a}",
            "cmp {data}, {end}",
            "jne 2b",
            data = inout(reg) blocks.as_ptr() => _,
            end = in(reg) blocks.as_ptr_range().end,
            r0 = in(reg) r[0],
            r1 = in(reg) r[1],
            s1 = in(reg) r[1].wrapping_add(r[1] >> 2),
            low = inout(reg) low,
            middle = inout(reg) middle,
            high = inout(reg) high,
            h2 = out(reg) _,
            a = out(reg) _,
            b = out(reg) _,
            c = out(reg) _,
            out("rdx") _,
            options(nostack, readonly),
        );
    }
    state.set_product([low, middle, high]);
}
