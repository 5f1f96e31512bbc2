// SPDX-License-Identifier: GPL-2.0

//! The loop of `arm64-neon`: eight blocks `b0` to `b7` at a time, each with the bit above it.
//!
//! `h = (h + b0) r^8 + b1 r^7 + ... + b7 r`. A block is used as it is, as four 32-bit words: limb
//! `i` of its product with `r^k` is the sum of `word[w] * entries[i][k - 1][w]`, where `entries`
//! (`table.rs`) has the limbs of `2^(32 w) r^k`. So no word is taken apart, and a block takes ten
//! multiplications, where limbs of 26 bits on both sides would take twelve and a half.
//!
//! Between batches, integer registers make words of the sum, and add `b0`. That block comes last in
//! a batch, so that all of this waits behind the products of the other seven.
//!
//! | registers | what they hold |
//! |---|---|
//! | `low`, `high` | the sum by limb: products of words 0 and 1, and of words 2 and 3 |
//! | `odd`, `even` | entries by limb: of `r`, `r^3`, `r^5` or `r^7`, and of the next power |
//! | `s0`-`s4`, `n0`-`n2` | the sum as limbs of any size, and as 64-bit words |
//! | `m0`, `m1`; `t`, `u`, `v` | words of `b0`; free |
//! | `pad`, `r8_` | `2^128 (r + ... + r^8)`, `2^128 r^8`: parts that count 1, 2^52 and 2^104 |
//!
//! Peak: a limb is 32 products of a word and an entry below 2^26 + 2^9, and at most six such parts,
//! which are below 2^56: below 2^63 + 2^59.

use core::arch::asm;

use super::steps::{clear, insn, multiply, registers};
use super::table::{self, wipe_table, DEPTH};
use crate::fpu::Guard;
use crate::generic::{State, Workspace, BLOCK_SIZE};

registers! {
    low0 0, low1 1, low2 2, low3 3, low4 4,
    high0 5, high1 6, high2 7, high3 16, high4 17,
    odd0 18, odd1 20, odd2 22, odd3 24, odd4 26,
    even0 19, even1 21, even2 23, even3 25, even4 27,
    // Pairs of blocks take turns.
    block7 28, block6 29, block5 30, block4 31,
    block3 28, block2 29, block1 30, block0 31,
}

/// Bytes in a batch.
pub(crate) const BATCH: usize = DEPTH * BLOCK_SIZE;

/// Loads the entries for a limb, of an odd power and of the one above it.
macro_rules! load_entries {
    ($odd:ident, $even:ident: limb $limb:literal, power $power:literal) => {
        insn!(ldp q($odd), q($even), [table, #128 * $limb + 16 * ($power - 1)])
    };
}

/// Absorbs batches of eight blocks.
///
/// # Safety
///
/// The CPU must have Advanced SIMD, and there must be at least one batch.
#[inline(never)]
pub(crate) unsafe fn absorb(
    guard: &Guard,
    state: &mut State,
    workspace: &mut Workspace<'_>,
    batches: &[u8],
) {
    let more = workspace.scratch.blocks_left;
    // SAFETY: By this function's requirement.
    let table = unsafe { table::prepare(guard, state, workspace) };
    // SAFETY: `prepare()` leaves a table that is filled, and filling writes this part of it, too.
    let [[pad0, r8_0], [pad1, r8_1], [pad2, r8_2]] = unsafe { table.above.assume_init() };
    let [mut s0, mut s1, mut s2, mut s3, mut s4] = state.limbs();
    // SAFETY: The CPU has Advanced SIMD by this function's requirement, and its registers may be
    // used by the section. The block reads `batches`, 128 bytes at a time, and reads the table, and
    // wipes it if it is not needed any more; its registers are declared.
    unsafe {
        asm!(
            ".arch_extension simd",
            load_entries!(odd0, even0: limb 0, power 1),
            load_entries!(odd1, even1: limb 1, power 1),
            load_entries!(odd2, even2: limb 2, power 1),
            load_entries!(odd3, even3: limb 3, power 1),
            load_entries!(odd4, even4: limb 4, power 1),
            "2:",
            // The lines further to the right are for the sum of the batch before: it becomes
            // `n0 + n1 2^64 + n2 2^128`, `n2 <= 4`, and with the first block `n2 <= 5`.
            // Powers 1 and 2.
            insn!(ldp q(block6), q(block7), [data, #96]),
            multiply!(low0, high0 = block7 * odd0),
                "ldp {m0}, {m1}, [{data}]",
            multiply!(low1, high1 = block7 * odd1),
                "lsr {t}, {s1}, #38",
            multiply!(low0, high0 += block6 * even0),
            load_entries!(odd0, even0: limb 0, power 3),
                "adds {n0}, {s0}, {s1}, lsl #26",
            multiply!(low1, high1 += block6 * even1),
            load_entries!(odd1, even1: limb 1, power 3),
                "lsr {u}, {s3}, #50",
            insn!(ldp q(block4), q(block5), [data, #64]),
            multiply!(low2, high2 = block7 * odd2),
                "adc {t}, {t}, xzr",
            multiply!(low3, high3 = block7 * odd3),
                "lsl {v}, {s3}, #14",
            multiply!(low2, high2 += block6 * even2),
            load_entries!(odd2, even2: limb 2, power 3),
                "adds {n0}, {n0}, {s2}, lsl #52",
            multiply!(low3, high3 += block6 * even3),
            load_entries!(odd3, even3: limb 3, power 3),
                "add {t}, {t}, {s2}, lsr #12",
            multiply!(low4, high4 = block7 * odd4),
                "adcs {n1}, {t}, {v}",
            multiply!(low4, high4 += block6 * even4),
            load_entries!(odd4, even4: limb 4, power 3),
                "lsr {v}, {s4}, #24",
            // Powers 3 and 4.
            multiply!(low0, high0 += block5 * odd0),
                "adc {n2}, {u}, {v}",
            multiply!(low1, high1 += block5 * odd1),
                "adds {n1}, {n1}, {s4}, lsl #40",
            multiply!(low0, high0 += block4 * even0),
            load_entries!(odd0, even0: limb 0, power 5),
                "adc {n2}, {n2}, xzr",
            insn!(ldp q(block2), q(block3), [data, #32]),
            multiply!(low1, high1 += block4 * even1),
            load_entries!(odd1, even1: limb 1, power 5),
                // Five times what is above bit 130.
                "and {t}, {n2}, #-4",
            multiply!(low2, high2 += block5 * odd2),
                "add {t}, {t}, {n2}, lsr #2",
            multiply!(low3, high3 += block5 * odd3),
                "and {n2}, {n2}, #3",
            multiply!(low2, high2 += block4 * even2),
            load_entries!(odd2, even2: limb 2, power 5),
                "adds {n0}, {n0}, {t}",
            multiply!(low3, high3 += block4 * even3),
            load_entries!(odd3, even3: limb 3, power 5),
                "adcs {n1}, {n1}, xzr",
            multiply!(low4, high4 += block5 * odd4),
                "adc {n2}, {n2}, xzr",
            multiply!(low4, high4 += block4 * even4),
            load_entries!(odd4, even4: limb 4, power 5),
                // The first block.
                "adds {n0}, {n0}, {m0}",
            // Powers 5 and 6.
            multiply!(low0, high0 += block3 * odd0),
                "adcs {n1}, {n1}, {m1}",
            multiply!(low1, high1 += block3 * odd1),
                "adc {n2}, {n2}, xzr",
            multiply!(low0, high0 += block2 * even0),
            load_entries!(odd0, even0: limb 0, power 7),
            insn!(ldr q(block1), [data, #16]),
            multiply!(low1, high1 += block2 * even1),
            load_entries!(odd1, even1: limb 1, power 7),
                insn!(fmov d(block0), n0),
            multiply!(low2, high2 += block3 * odd2),
                insn!(mov block0.d[1], n1),
            multiply!(low3, high3 += block3 * odd3),
                // What is above it, and the bits above all blocks.
                "madd {n0}, {n2}, {r8_0}, {pad0}",
            multiply!(low2, high2 += block2 * even2),
            load_entries!(odd2, even2: limb 2, power 7),
                "madd {n1}, {n2}, {r8_1}, {pad1}",
            multiply!(low3, high3 += block2 * even3),
            load_entries!(odd3, even3: limb 3, power 7),
                "madd {t}, {n2}, {r8_2}, {pad2}",
            multiply!(low4, high4 += block3 * odd4),
            multiply!(low4, high4 += block2 * even4),
            load_entries!(odd4, even4: limb 4, power 7),
            // Powers 7 and 8.
            multiply!(low0, high0 += block1 * odd0),
            multiply!(low1, high1 += block1 * odd1),
            multiply!(low0, high0 += block0 * even0),
            load_entries!(odd0, even0: limb 0, power 1),
            multiply!(low1, high1 += block0 * even1),
            load_entries!(odd1, even1: limb 1, power 1),
            multiply!(low2, high2 += block1 * odd2),
            multiply!(low3, high3 += block1 * odd3),
            multiply!(low2, high2 += block0 * even2),
            load_entries!(odd2, even2: limb 2, power 1),
            multiply!(low3, high3 += block0 * even3),
            load_entries!(odd3, even3: limb 3, power 1),
            multiply!(low4, high4 += block1 * odd4),
            multiply!(low4, high4 += block0 * even4),
            load_entries!(odd4, even4: limb 4, power 1),
            "add {data}, {data}, #128",
            // Lanes are added.
            insn!(add.2d low0, low0, high0),
            insn!(add.2d low1, low1, high1),
            insn!(add.2d low2, low2, high2),
            insn!(add.2d low3, low3, high3),
            insn!(add.2d low4, low4, high4),
            insn!(addp.2d low0, low0, low1),
            insn!(addp.2d low2, low2, low3),
            insn!(addp d(low4), low4.2d),
            insn!(fmov s0, d(low0)),
            insn!(mov s1, low0.d[1]),
            insn!(fmov s2, d(low2)),
            insn!(mov s3, low2.d[1]),
            insn!(fmov s4, d(low4)),
            // Parts that count 1, 2^52 and 2^104 are at limbs 0, 2 and 4.
            "add {s0}, {s0}, {n0}",
            "add {s2}, {s2}, {n1}",
            "add {s4}, {s4}, {t}",
            "cmp {data}, {end}",
            "b.ne 2b",
            "cbnz {more}, 5f",
            wipe_table!(),
            "5:",
            table = in(reg) table,
            data = inout(reg) batches.as_ptr() => _,
            end = in(reg) batches.as_ptr_range().end,
            more = in(reg) more,
            s0 = inout(reg) s0,
            s1 = inout(reg) s1,
            s2 = inout(reg) s2,
            s3 = inout(reg) s3,
            s4 = inout(reg) s4,
            n0 = out(reg) _,
            n1 = out(reg) _,
            n2 = out(reg) _,
            m0 = out(reg) _,
            m1 = out(reg) _,
            t = out(reg) _,
            u = out(reg) _,
            v = out(reg) _,
            pad0 = in(reg) pad0,
            pad1 = in(reg) pad1,
            pad2 = in(reg) pad2,
            r8_0 = in(reg) r8_0,
            r8_1 = in(reg) r8_1,
            r8_2 = in(reg) r8_2,
            out("v0") _, out("v1") _, out("v2") _, out("v3") _, out("v4") _, out("v5") _,
            out("v6") _, out("v7") _, out("v16") _, out("v17") _, out("v18") _, out("v19") _,
            out("v20") _, out("v21") _, out("v22") _, out("v23") _, out("v24") _, out("v25") _,
            out("v26") _, out("v27") _, out("v28") _, out("v29") _, out("v30") _, out("v31") _,
            options(nostack),
        );
    }
    state.set_limbs([s0, s1, s2, s3, s4]);
}

/// Wipes that many times 32 bytes of the stack, from the stack pointer down.
macro_rules! wipe_below {
    ($($i:literal)*) => { concat!($("stp q0, q0, [sp, #-32*", $i, "]\n",)*) };
}

/// Wipes what [`absorb()`] left on the stack below the caller's frame, and clears the vector
/// registers of its loop. Filling a table clears those that only it uses.
///
/// Out of line, so that functions of other files have no vector instructions.
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
