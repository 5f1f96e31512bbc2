// SPDX-License-Identifier: GPL-2.0

//! One block at a time, by 64-bit multiplications.
//!
//! The step is that of the portable code (`generic/accumulator.rs`), in an order that makes the
//! chain from block to block shorter: what is above bit 130 is folded from the sum of the upper
//! products alone, and what the lower ones carry into it goes to the bits above 128 instead. With
//! `r0`, `r1` below 2^60 and `s1 = 5/4 r1` below 2^60.4, and `h2 <= 7`: sums of the upper halves of
//! two products are below 11 * 2^60, and what is folded is below 14 * 2^60.

use core::arch::asm;

use crate::generic::{Powers, State, BLOCK_SIZE};

/// Adds the block at `{data}`, with the bit above it, and multiplies by `r`: a step from one product
/// `a + b + (c + d) 2^64 + top 2^128` to the next. `one` is 1; the last six are for this step.
macro_rules! absorb_block {
    ($data:literal: $a:tt $b:tt $c:tt $d:tt $top:tt, $h2:tt $m0:tt $m1:tt $five:tt $t:tt $u:tt) => {
        concat!(
            "ldp ",
            $m0,
            ", ",
            $m1,
            ", [",
            $data,
            "], #16\n",
            "and ",
            $five,
            ", ",
            $top,
            ", #-4\n",
            "and ",
            $h2,
            ", ",
            $top,
            ", #3\n",
            "add ",
            $five,
            ", ",
            $five,
            ", ",
            $top,
            ", lsr #2\n",
            "adds ",
            $a,
            ", ",
            $a,
            ", ",
            $b,
            "\n",
            "adcs ",
            $c,
            ", ",
            $c,
            ", ",
            $d,
            "\n",
            "adc ",
            $h2,
            ", ",
            $h2,
            ", {one}\n",
            "adds ",
            $a,
            ", ",
            $a,
            ", ",
            $m0,
            "\n",
            "adcs ",
            $c,
            ", ",
            $c,
            ", ",
            $m1,
            "\n",
            "adc ",
            $h2,
            ", ",
            $h2,
            ", xzr\n",
            "adds ",
            $m0,
            ", ",
            $a,
            ", ",
            $five,
            "\n",
            "adcs ",
            $m1,
            ", ",
            $c,
            ", xzr\n",
            "adc ",
            $h2,
            ", ",
            $h2,
            ", xzr\n",
            "mul ",
            $d,
            ", ",
            $m0,
            ", {r1}\n",
            "umulh ",
            $top,
            ", ",
            $m0,
            ", {r1}\n",
            "mul ",
            $a,
            ", ",
            $m0,
            ", {r0}\n",
            "umulh ",
            $c,
            ", ",
            $m0,
            ", {r0}\n",
            "mul ",
            $t,
            ", ",
            $m1,
            ", {r0}\n",
            "umulh ",
            $u,
            ", ",
            $m1,
            ", {r0}\n",
            "mul ",
            $b,
            ", ",
            $m1,
            ", {s1}\n",
            "umulh ",
            $five,
            ", ",
            $m1,
            ", {s1}\n",
            "madd ",
            $top,
            ", ",
            $h2,
            ", {r0}, ",
            $top,
            "\n",
            "madd ",
            $c,
            ", ",
            $h2,
            ", {s1}, ",
            $c,
            "\n",
            "adds ",
            $d,
            ", ",
            $d,
            ", ",
            $t,
            "\n",
            "adc ",
            $top,
            ", ",
            $top,
            ", ",
            $u,
            "\n",
            "add ",
            $c,
            ", ",
            $c,
            ", ",
            $five,
            "\n",
        )
    };
}

/// Makes a product three words: `a`, `c` and `top`.
macro_rules! sum_product {
    ($a:tt $b:tt $c:tt $d:tt $top:tt) => {
        concat!(
            "adds ", $a, ", ", $a, ", ", $b, "\n", "adcs ", $c, ", ", $c, ", ", $d, "\n", "adc ",
            $top, ", ", $top, ", xzr\n",
        )
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
            absorb_block!("{data}": "{a}" "{b}" "{c}" "{d}" "{top}",
                "{h2}" "{m0}" "{m1}" "{five}" "{t}" "{u}"),
            "cmp {data}, {end}",
            "b.ne 2b",
            sum_product!("{a}" "{b}" "{c}" "{d}" "{top}"),
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

/// Absorbs whole blocks in a frame of its own, which has nothing but what callers had in registers:
/// there are as many as it takes.
#[inline(never)]
pub(super) fn absorb_apart(state: &mut State, blocks: &[u8]) {
    absorb(state, blocks);
}

/// Blocks in each of two chains, before they are joined.
pub(super) const CHAIN: usize = 16;

/// Absorbs whole blocks in two chains, which do not wait for each other: the first half of 32 blocks
/// from the accumulator, the second one from zero, both by `r`; and then the first one's product by
/// `r^16` and the second one are added.
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
                absorb_block!("{data}": "{a}" "{b}" "{c}" "{d}" "{top}",
                    "{h2}" "{m0}" "{m1}" "{five}" "{t}" "{u}"),
                absorb_block!("{other}": "{v}" "{w}" "{x}" "{y}" "{above}",
                    "{h2}" "{m0}" "{m1}" "{five}" "{t}" "{u}"),
                "cmp {data}, {end}",
                "b.ne 2b",
                sum_product!("{a}" "{b}" "{c}" "{d}" "{top}"),
                sum_product!("{v}" "{w}" "{x}" "{y}" "{above}"),
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
