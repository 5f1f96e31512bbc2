// SPDX-License-Identifier: GPL-2.0

//! BMI2: one block at a time, with `mulx`, which leaves the flags alone and puts its results where
//! it is told to.
//!
//!     h = (h + m + 2^128) r mod 2^130 - 5
//!
//! - `low`, `middle`, `high`: the product of the block before, words of weight 1, 2^64 and 2^128, with
//!   `high` at most 11 * 2^60;
//! - `low`, `middle`, `h2`: then `h + m + 2^128`, with `h2` at most 6;
//! - `r0`, `r1`: the words of `r`. The clamp makes `r1` divisible by four, so that `r1 2^128` is
//!   `s1 = 5/4 r1` exactly;
//! - `a`, `b`, `c`, `d`: sums of weight 1 and 2^64, and of 2^64 and 2^128.
//!
//! What is above bit 130 counts five times, as `2^130 = 5`. For a few blocks it is added to the low
//! words before they are multiplied, as in the portable code (`generic/accumulator.rs` has the bounds).
//! For many it is multiplied apart, which takes two multiplications more, but no carry through both
//! words before each product. The orders are the fastest on Zen 4 of some thousands that were tried.

use core::arch::asm;

use crate::generic::{wipe, State, BLOCK_SIZE};

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

/// From how many bytes on memory for `5 r` is worth its while.
const MANY: usize = 10 * BLOCK_SIZE;

/// Absorbs whole blocks.
///
/// # Safety
///
/// The CPU must have BMI2.
#[inline(always)]
pub(super) unsafe fn absorb(state: &mut State, blocks: &[u8]) {
    let blocks = &blocks[..blocks.len() / BLOCK_SIZE * BLOCK_SIZE];
    // SAFETY: By this function's requirement.
    unsafe {
        match blocks.len() {
            0 => (),
            1..MANY => absorb_few(state, blocks),
            _ => absorb_many(state, blocks),
        }
    }
}

/// Absorbs whole blocks, at least one.
///
/// With `h2` at most 6, `h2 s1 + b` is below (7.5 + 2.25) 2^60: that sum has no carry.
///
/// # Safety
///
/// The CPU must have BMI2, and `blocks` must be a multiple of [`BLOCK_SIZE`], and not empty.
#[inline(always)]
unsafe fn absorb_few(state: &mut State, blocks: &[u8]) {
    let (h, [r0, r1]) = state.to_words();
    let [mut low, mut middle, mut high] = h;
    // SAFETY: The CPU has BMI2 by this function's requirement. The block reads `blocks` 16 bytes at a
    // time; its registers are declared.
    unsafe {
        asm!(
            ".p2align 5",
            "2:",
            "mov {h2}, {high}",
            "and {h2:e}, 3",
            "shr {high}, 2",
            "add {low}, [{data}]",
            "adc {middle}, [{data} + 8]",
            "lea {a}, [{high} + {high}*4]",
            "adc {h2}, 1",
            "add {low}, {a}",
            "mov rdx, {low}",
            "mulx {high}, {low}, {r1}",
            "adc {middle}, 0",
            "mulx {b}, {a}, {r0}",
            "mov rdx, {middle}",
            "adc {h2}, 0",
            "mulx {c}, {middle}, {s1}",
            "add {a}, {middle}",
            "adc {b}, {c}",
            "add {data}, 16",
            "mulx {c}, {middle}, {r0}",
            "mov rdx, {h2}",
            "imul {h2}, {s1}",
            "imul rdx, {r0}",
            "add {middle}, {low}",
            "adc {high}, {c}",
            "add {h2}, {b}",
            "add {middle}, {h2}",
            "adc {high}, rdx",
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

/// Absorbs whole blocks, in a stack frame of its own.
///
/// `terms` is memory for what there is no register for: `r1`, `5 r0`, `5 r1` and the end of the blocks.
/// With `q`, what is above bit 130, at most 11 * 2^58, `high` is then at most 5, and
///
/// - `a + 2^64 b = low r0 + middle s1 + 5 r0 q` is below (16 + 20 + 14) 2^120, so that `high s1` can be
///   added to `b`;
/// - `low + 2^64 d = low r1 + middle r0 + 5 r1 q` is below (16 + 16 + 14) 2^120;
/// - the next `high`, which is `high r0 + d`, is at most (5 + 3) 2^60.
///
/// # Safety
///
/// As for [`absorb_few()`].
#[inline(never)]
unsafe fn absorb_many(state: &mut State, blocks: &[u8]) {
    let (h, [r0, r1]) = state.to_words();
    let [mut low, mut middle, mut high] = h;
    let end = blocks.as_ptr_range().end as u64;
    let mut terms = [r1, r0.wrapping_mul(5), r1.wrapping_mul(5), end];
    // SAFETY: As in `absorb_few()`, and `terms` is read.
    unsafe {
        asm!(
            ".p2align 5",
            "2:",
            "mov {q}, {high}",
            "and {high:e}, 3",
            "add {low}, [{data}]",
            "mov rdx, {low}",
            "mulx {d}, {low}, [{terms}]",
            "adc {middle}, [{data} + 8]",
            "mulx {b}, {a}, {r0}",
            "mov rdx, {middle}",
            "adc {high}, 1",
            "mulx {c}, {middle}, {s1}",
            "add {a}, {middle}",
            "adc {b}, {c}",
            "mulx {c}, {middle}, {r0}",
            "add {low}, {middle}",
            "adc {d}, {c}",
            "add {data}, 16",
            "shr {q}, 2",
            "mov rdx, {q}",
            "mulx {c}, {middle}, [{terms} + 8]",
            "add {a}, {middle}",
            "adc {b}, {c}",
            "mulx {c}, {middle}, [{terms} + 16]",
            "mov rdx, {high}",
            "add {low}, {middle}",
            "adc {d}, {c}",
            "imul {high}, {s1}",
            "add {b}, {high}",
            "imul rdx, {r0}",
            "add {low}, {b}",
            "mov {middle}, {low}",
            "adc rdx, {d}",
            "mov {high}, rdx",
            "mov {low}, {a}",
            "cmp {data}, [{terms} + 24]",
            "jne 2b",
            terms = in(reg) terms.as_ptr(),
            data = inout(reg) blocks.as_ptr() => _,
            r0 = in(reg) r0,
            s1 = in(reg) r1.wrapping_add(r1 >> 2),
            low = inout(reg) low,
            middle = inout(reg) middle,
            high = inout(reg) high,
            q = out(reg) _,
            a = out(reg) _,
            b = out(reg) _,
            c = out(reg) _,
            d = out(reg) _,
            out("rdx") _,
            options(nostack, readonly),
        );
    }
    wipe(&mut terms, [0; 4]);
    state.set_product([low, middle, high]);
}
