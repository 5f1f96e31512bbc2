// SPDX-License-Identifier: GPL-2.0

//! The loop: batches of eight blocks.
//!
//! A batch is one sum of products: its last block with `r`, and so on up to its first one with
//! `r^8`. Between batches the sum goes through integer registers: it is made a number of 130 bits,
//! and added to the first block of the next batch. That block comes last in a batch, so that all of
//! this waits behind the multiplications of the other seven.

use core::arch::asm;

use super::table::{self, DEPTH};
use crate::fpu::Guard;
use crate::generic::{State, Workspace, BLOCK_SIZE};

/// Bytes in a batch.
pub(crate) const BATCH: usize = DEPTH * BLOCK_SIZE;

/// The products of a block, `m`, with a limb's entries: two sums, of words 0 and 1, and 2 and 3.
/// They are joined when the batch ends, as an in-order core waits for a sum before it adds to it.
macro_rules! multiply {
    ($op:literal $low:tt $high:tt, $m:tt $entry:tt) => {
        concat!(
            $op, " v", $low, ".2d, v", $m, ".2s, v", $entry, ".2s\n", $op, "2 v", $high, ".2d, v",
            $m, ".4s, v", $entry, ".4s\n",
        )
    };
}

/// The entries of two powers for a limb.
macro_rules! load_entries {
    ($a:tt $b:tt, $at:literal) => {
        concat!("ldp q", $a, ", q", $b, ", [{table}, #", $at, "]\n")
    };
}

/// The products of two blocks, `a` and `b`, with the powers whose entries are in v18 to v27, and
/// then those of the next two powers; steps of something else in between.
macro_rules! multiply_pair {
    ($first:literal: $a:tt $b:tt, $n0:literal $n1:literal $n2:literal $n3:literal $n4:literal:
     $s0:expr, $s1:expr, $s2:expr, $s3:expr, $s4:expr, $s5:expr, $s6:expr, $s7:expr, $s8:expr,
     $s9:expr) => {
        concat!(
            multiply!($first 0 5, $a 18), $s0,
            multiply!($first 1 6, $a 20), $s1,
            multiply!("umlal" 0 5, $b 19), load_entries!(18 19, $n0), $s2,
            multiply!("umlal" 1 6, $b 21), load_entries!(20 21, $n1), $s3,
            multiply!($first 2 7, $a 22), $s4,
            multiply!($first 3 16, $a 24), $s5,
            multiply!("umlal" 2 7, $b 23), load_entries!(22 23, $n2), $s6,
            multiply!("umlal" 3 16, $b 25), load_entries!(24 25, $n3), $s7,
            multiply!($first 4 17, $a 26), $s8,
            multiply!("umlal" 4 17, $b 27), load_entries!(26 27, $n4), $s9,
        )
    };
}

/// A batch.
///
/// The limbs of the sum before, any numbers below 2^64, become `n0 + n1 2^64 + n2 2^128` with `n2`
/// at most 4, and with the first block at most 5. What is then above the block is multiplied by
/// `2^128 r^8` apart, and added with what the bits above all blocks come to.
macro_rules! multiply_batch {
    () => {
        concat!(
            "ldp q29, q28, [{data}, #96]\n",
            multiply_pair!("umull": 28 29, "32" "160" "288" "416" "544":
                "ldp {m0}, {m1}, [{data}]\n",
                "lsr {t}, {s1}, #38\n",
                "adds {n0}, {s0}, {s1}, lsl #26\n",
                "lsr {u}, {s3}, #50\nldp q31, q30, [{data}, #64]\n",
                "adc {t}, {t}, xzr\n",
                "lsl {v}, {s3}, #14\n",
                "adds {n0}, {n0}, {s2}, lsl #52\n",
                "add {t}, {t}, {s2}, lsr #12\n",
                "adcs {n1}, {t}, {v}\n",
                "lsr {v}, {s4}, #24\n"),
            multiply_pair!("umlal": 30 31, "64" "192" "320" "448" "576":
                "adc {n2}, {u}, {v}\n",
                "adds {n1}, {n1}, {s4}, lsl #40\n",
                "adc {n2}, {n2}, xzr\nldp q29, q28, [{data}, #32]\n",
                // Five times what is above bit 130.
                "and {t}, {n2}, #-4\n",
                "add {t}, {t}, {n2}, lsr #2\n",
                "and {n2}, {n2}, #3\n",
                "adds {n0}, {n0}, {t}\n",
                "adcs {n1}, {n1}, xzr\n",
                "adc {n2}, {n2}, xzr\n",
                "adds {n0}, {n0}, {m0}\n"),
            multiply_pair!("umlal": 28 29, "96" "224" "352" "480" "608":
                "adcs {n1}, {n1}, {m1}\n",
                "adc {n2}, {n2}, xzr\n",
                "ldr q30, [{data}, #16]\n",
                "fmov d31, {n0}\n",
                "mov v31.d[1], {n1}\n",
                "madd {n0}, {n2}, {r8_0}, {pad0}\n",
                "madd {n1}, {n2}, {r8_1}, {pad1}\n",
                "madd {t}, {n2}, {r8_2}, {pad2}\n",
                "",
                ""),
            multiply_pair!("umlal": 30 31, "0" "128" "256" "384" "512":
                "", "", "", "", "", "", "", "", "", ""),
        )
    };
}

/// The limbs of the sum: lanes are added, and parts that count 2^52 are at limbs 0, 2 and 4. With 32
/// products of words and entries they are below 2^63 + 2^59.
macro_rules! sum_batch {
    () => {
        concat!(
            "add v0.2d, v0.2d, v5.2d\n",
            "add v1.2d, v1.2d, v6.2d\n",
            "add v2.2d, v2.2d, v7.2d\n",
            "add v3.2d, v3.2d, v16.2d\n",
            "add v4.2d, v4.2d, v17.2d\n",
            "addp v0.2d, v0.2d, v1.2d\n",
            "addp v2.2d, v2.2d, v3.2d\n",
            "addp d4, v4.2d\n",
            "fmov {s0}, d0\n",
            "mov {s1}, v0.d[1]\n",
            "fmov {s2}, d2\n",
            "mov {s3}, v2.d[1]\n",
            "fmov {s4}, d4\n",
            "add {s0}, {s0}, {n0}\n",
            "add {s2}, {s2}, {n1}\n",
            "add {s4}, {s4}, {t}\n",
        )
    };
}

/// Absorbs batches of eight blocks, at least one.
///
/// # Safety
///
/// The CPU must have Advanced SIMD.
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
            load_entries!(18 19, "0"),
            load_entries!(20 21, "128"),
            load_entries!(22 23, "256"),
            load_entries!(24 25, "384"),
            load_entries!(26 27, "512"),
            "2:",
            multiply_batch!(),
            "add {data}, {data}, #128",
            sum_batch!(),
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
