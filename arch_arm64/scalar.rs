// SPDX-License-Identifier: GPL-2.0

//! The loops of `arm64-scalar`: a block at a time, in one chain or in two.
//!
//! `h = (h + m) r`, where `m` is a block with the bit above it. With `r = r0 + r1 2^64`, with `s1`,
//! which is `5/4 r1` and so `2^128 r1`, and with `h + m = m0 + m1 2^64 + h2 2^128`:
//!
//! ```text
//! h = m0 r0 + m1 s1 + (m0 r1 + m1 r0 + h2 s1) 2^64 + h2 r0 2^128
//! ```
//!
//! The portable code (`generic/accumulator.rs`) does the same. The order here makes the way from
//! block to block shorter: what is above bit 130 is taken from the upper products alone, and what
//! the lower ones carry into it is left in `h2`.
//!
//! From block to block a product is `a + b + (c + d) 2^64 + top 2^128`; that of the second chain is
//! in `v`, `w`, `x`, `y` and `above`. `five` is five times what the product has above bit 130.
//!
//! Peak: with `r0`, `r1` below 2^60, `s1` below 2^60.4 and `h2 <= 7`, sums of the upper halves of
//! two products are below 11 * 2^60, and `five` is below 14 * 2^60.

use core::arch::asm;

use super::steps::insn;
use crate::generic::{Powers, State, BLOCK_SIZE};

/// Adds the block at `data` to a product, and multiplies by `r`.
macro_rules! absorb_block {
    ($data:ident: $a:ident $b:ident $c:ident $d:ident $top:ident) => {
        concat! {
            insn!(ldp m0, m1, [$data], #16),
            insn!(and five, $top, #-4),
            insn!(and h2, $top, #3),
            insn!(add five, five, $top, lsr #2),
            insn!(adds $a, $a, $b),
            insn!(adcs $c, $c, $d),
            insn!(adc h2, h2, one),
            insn!(adds $a, $a, m0),
            insn!(adcs $c, $c, m1),
            insn!(adc h2, h2, xzr),
            insn!(adds m0, $a, five),
            insn!(adcs m1, $c, xzr),
            insn!(adc h2, h2, xzr),
            insn!(mul $d, m0, r1),
            insn!(umulh $top, m0, r1),
            insn!(mul $a, m0, r0),
            insn!(umulh $c, m0, r0),
            insn!(mul t, m1, r0),
            insn!(umulh u, m1, r0),
            insn!(mul $b, m1, s1),
            insn!(umulh five, m1, s1),
            insn!(madd $top, h2, r0, $top),
            insn!(madd $c, h2, s1, $c),
            insn!(adds $d, $d, t),
            insn!(adc $top, $top, u),
            insn!(add $c, $c, five),
        }
    };
}

/// Makes a product three words: `a`, `c` and `top`.
macro_rules! sum_product {
    ($a:ident $b:ident $c:ident $d:ident $top:ident) => {
        concat! {
            insn!(adds $a, $a, $b),
            insn!(adcs $c, $c, $d),
            insn!(adc $top, $top, xzr),
        }
    };
}

/// Absorbs whole blocks in one chain.
#[inline(always)]
pub(super) fn absorb(state: &mut State, blocks: &[u8]) {
    let blocks = match blocks.len() / BLOCK_SIZE {
        0 => return,
        n => &blocks[..n * BLOCK_SIZE],
    };
    let (h, r) = state.to_words();
    let (mut low, mut middle, mut high) = (h[0], 0_u64, h[2]);
    // SAFETY: The block reads `blocks`, which is not empty, 16 bytes at a time; its registers are
    // declared.
    unsafe {
        asm!(
            "2:",
            absorb_block!(data: a b c d top),
            "cmp {data}, {end}",
            "b.ne 2b",
            sum_product!(a b c d top),
            data = inout(reg) blocks.as_ptr() => _,
            end = in(reg) blocks.as_ptr_range().end,
            r0 = in(reg) r[0],
            r1 = in(reg) r[1],
            s1 = in(reg) r[1].wrapping_add(r[1] >> 2),
            one = in(reg) 1_u64,
            a = inout(reg) low,
            b = inout(reg) 0_u64 => _,
            c = inout(reg) middle,
            d = inout(reg) h[1] => _,
            top = inout(reg) high,
            h2 = out(reg) _,
            m0 = out(reg) _,
            m1 = out(reg) _,
            five = out(reg) _,
            t = out(reg) _,
            u = out(reg) _,
            options(nostack, readonly),
        );
    }
    state.set_product([low, middle, high]);
}

/// Absorbs whole blocks in a frame of its own, which has nothing secret: there are registers enough
/// for what it computes with, so it spills only what its callers had in them.
#[inline(never)]
pub(super) fn absorb_apart(state: &mut State, blocks: &[u8]) {
    absorb(state, blocks);
}

/// Blocks in each of two chains, before they are joined.
pub(super) const CHAIN: usize = 16;

/// Absorbs whole blocks in two chains, which do not wait for each other: the first half of 32
/// blocks from the accumulator, and the second one from zero, both by `r`. Then the product of the
/// first one, times `r^16`, and that of the second one are added.
#[inline(never)]
pub(super) fn absorb_by_two(state: &mut State, kept: &mut Powers, blocks: &[u8]) {
    let (head, runs) = blocks.split_at(blocks.len() % (2 * CHAIN * BLOCK_SIZE));
    absorb(state, head);
    for run in runs.chunks_exact(2 * CHAIN * BLOCK_SIZE) {
        let (h, r) = state.to_words();
        let (mut first, mut second) = ([h[0], 0, h[2]], [0_u64; 3]);
        // SAFETY: The block reads `run`, which has 32 blocks, 16 bytes at a time from its beginning
        // and from its middle; its registers are declared.
        unsafe {
            asm!(
                "add {other}, {data}, {half}",
                "mov {end}, {other}",
                "2:",
                absorb_block!(data: a b c d top),
                absorb_block!(other: v w x y above),
                "cmp {data}, {end}",
                "b.ne 2b",
                sum_product!(a b c d top),
                sum_product!(v w x y above),
                half = const CHAIN * BLOCK_SIZE,
                data = inout(reg) run.as_ptr() => _,
                other = out(reg) _,
                end = out(reg) _,
                r0 = in(reg) r[0],
                r1 = in(reg) r[1],
                s1 = in(reg) r[1].wrapping_add(r[1] >> 2),
                one = in(reg) 1_u64,
                a = inout(reg) first[0],
                b = inout(reg) 0_u64 => _,
                c = inout(reg) first[1],
                d = inout(reg) h[1] => _,
                top = inout(reg) first[2],
                v = inout(reg) second[0],
                w = inout(reg) 0_u64 => _,
                x = inout(reg) second[1],
                y = inout(reg) 0_u64 => _,
                above = inout(reg) second[2],
                h2 = out(reg) _,
                m0 = out(reg) _,
                m1 = out(reg) _,
                five = out(reg) _,
                t = out(reg) _,
                u = out(reg) _,
                options(nostack, readonly),
            );
        }
        state.set_product(first);
        state.append_16(kept, second);
    }
}

/// Wipes that many times 16 bytes of the stack, from the stack pointer down.
macro_rules! wipe_below {
    ($($i:literal)*) => { concat!($("stp xzr, xzr, [sp, #-16*", $i, "]\n",)*) };
}

/// Wipes what [`absorb_by_two()`] left on the stack below the caller's frame.
#[inline(always)]
pub(super) fn wipe() {
    // SAFETY: The block writes below the stack pointer only: nothing is there, as the block may use
    // the stack.
    unsafe {
        asm!(
            "/* the stack */",
            wipe_below!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20),
            options(preserves_flags),
        );
    }
}
