// SPDX-License-Identifier: GPL-2.0

//! One block at a time, with `mulx`, which leaves the flags alone and chooses where its results
//! go.

use core::arch::asm;

use crate::generic::{State, BLOCK_SIZE};

/// Absorbs whole blocks in a frame of its own, which has nothing but what callers had in registers:
/// there are as many as it takes.
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
/// The step is that of the portable code (`generic/accumulator.rs`, where the bounds are): what is
/// above bit 130 of the block before counts five times, `h + block` is multiplied by `r`, and
/// `s1 = 5/4 r1`.
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
