// SPDX-License-Identifier: GPL-2.0

//! Long runs in AVX-512: as in AVX2 (`long.rs`), with all eight streams in one register for each
//! limb, and with entries of the table as operands of multiplications.
//!
//! The blocks come out of the unpacking in the order 0, 4, 1, 5, 2, 6, 3, 7.

use core::arch::asm;
use core::mem::{offset_of, size_of};

use super::memory::{BatchStart, Lanes, Long, DEPTH};
use super::streams::Run;
use super::table;
use crate::fpu::Guard;
use crate::generic::{State, Workspace};

/// `to = a * ` what 32 bits of memory hold, in all lanes. A multiplication does not look at the
/// upper half of the 64 bits that it reads.
macro_rules! multiply {
    ($to:tt = $a:tt * $from:expr) => {
        concat!(
            "vpmuludq zmm",
            $to,
            ", zmm",
            $a,
            ", qword ptr [",
            $from,
            "]{{1to8}}\n"
        )
    };
}

/// Adds the products of two words of the eight blocks with their five entries each.
///
/// Multiplications first, and then additions: a Zen 4 core, which has two places for the former and
/// four for the latter, takes a fifth longer when they alternate.
macro_rules! multiply_words {
    ($a:tt: $a0:tt $a1:tt $a2:tt $a3:tt $a4:tt, $b:tt: $b0:tt $b1:tt $b2:tt $b3:tt $b4:tt) => {
        concat!(
            multiply!(10 = $a * concat!("{row} + ", at!($a0))),
            multiply!(11 = $a * concat!("{row} + ", at!($a1))),
            multiply!(12 = $a * concat!("{row} + ", at!($a2))),
            multiply!(13 = $a * concat!("{row} + ", at!($a3))),
            multiply!(14 = $a * concat!("{row} + ", at!($a4))),
            multiply!(21 = $b * concat!("{row} + ", at!($b0))),
            multiply!(22 = $b * concat!("{row} + ", at!($b1))),
            multiply!(23 = $b * concat!("{row} + ", at!($b2))),
            multiply!(24 = $b * concat!("{row} + ", at!($b3))),
            multiply!(25 = $b * concat!("{row} + ", at!($b4))),
            add!(zmm 0, 0, 10), add!(zmm 1, 1, 11), add!(zmm 2, 2, 12), add!(zmm 3, 3, 13),
            add!(zmm 4, 4, 14),
            add!(zmm 0, 0, 21), add!(zmm 1, 1, 22), add!(zmm 2, 2, 23), add!(zmm 3, 3, 24),
            add!(zmm 4, 4, 25),
        )
    };
}

/// Adds the products of eight blocks with the power that `{row}` points to.
macro_rules! multiply_blocks {
    () => {
        concat!(
            "vmovdqu64 zmm9, [{data}]\n",
            "vpunpcklqdq zmm5, zmm9, [{data} + 64]\n",
            "vpunpckhqdq zmm7, zmm9, [{data} + 64]\n",
            shift!(zmm 6 = 5 >> 32), shift!(zmm 8 = 7 >> 32),
            multiply_words!(5: 0 1 2 3 4, 7: 10 11 12 13 14),
            multiply_words!(6: 5 6 7 8 9, 8: 15 16 17 18 19),
        )
    };
}

/// Adds the products of limbs of the streams, zmm16 to zmm20, with one limb of a power.
macro_rules! multiply_streams {
    ($from:literal: $($limb:tt $acc:tt $t:tt),*) => {
        concat!($(multiply!($t = $limb * $from),)* $(add!(zmm $acc, $acc, $t),)*)
    };
}

/// Adds the streams times the power that the first blocks of the batch were multiplied by.
macro_rules! add_product_of_streams {
    () => {
        concat!(
            multiply_streams!("{top}": 16 0 10, 17 1 11, 18 2 12, 19 3 13, 20 4 14),
            multiply_streams!("{top} + 4": 16 1 10, 17 2 11, 18 3 12, 19 4 13),
            multiply_streams!("{top} + 64": 16 2 14, 17 3 10, 18 4 11),
            multiply_streams!("{top} + 68": 16 3 12, 17 4 13),
            multiply_streams!("{top} + 512": 16 4 14),
            multiply_streams!("{begin} + 40": 20 0 10),
            multiply_streams!("{begin} + 44": 19 0 11, 20 1 12),
            multiply_streams!("{begin} + 48": 18 0 13, 19 1 14, 20 2 10),
            multiply_streams!("{begin} + 52": 17 0 11, 18 1 12, 19 2 13, 20 3 14),
        )
    };
}

/// For each limb.
macro_rules! each_limb {
    ($step:ident) => { concat!($step!(0 16), $step!(1 17), $step!(2 18), $step!(3 19), $step!(4 20)) };
}

/// Begins a sum with the bits above the blocks.
macro_rules! begin_sum {
    ($limb:tt $stream:tt) => {
        concat!(
            "vpbroadcastq zmm",
            $limb,
            ", qword ptr [{begin} + 8*",
            $limb,
            "]\n"
        )
    };
}

/// Makes a limb of the sums that of the streams.
macro_rules! to_stream {
    ($limb:tt $stream:tt) => {
        concat!("vmovdqa64 zmm", $stream, ", zmm", $limb, "\n")
    };
}

/// Makes the first eight blocks the streams, as in `long.rs`.
macro_rules! begin_streams {
    () => {
        concat!(
            "vmovdqu64 zmm9, [{data}]\n",
            "vpunpcklqdq zmm5, zmm9, [{data} + 64]\n",
            "vpunpckhqdq zmm9, zmm9, [{data} + 64]\n",
            "add {data}, 128\n",
            low_bits!(zmm 15, 38), low_bits!(zmm 14, 63), shift!(zmm 14 = 14 << 24),
            split_limbs!(zmm),
            begin_streams!(@add 0 5 16, 1 6 17, 2 7 18, 3 8 19, 4 9 20),
        )
    };
    (@add $($limb:tt $block:tt $stream:tt),*) => {
        concat!($(
            "vmovq xmm10, qword ptr [{lanes} + {h} + 8*", $limb, "]\n",
            add!(zmm $stream, $block, 10),
        )*)
    };
}

/// Absorbs groups of four blocks, at least four of them.
///
/// # Safety
///
/// The CPU must have AVX2 and AVX-512F.
#[inline(never)]
pub(crate) unsafe fn absorb(
    guard: &Guard,
    state: &mut State,
    workspace: &mut Workspace<'_>,
    groups: &[u8],
) {
    let run = Run::new(groups, DEPTH);
    let more = workspace.scratch.blocks_left;
    // SAFETY: By this function's requirement.
    let long = unsafe { table::prepare(guard, state, workspace, run.first) };
    let table = (&raw mut *long).cast::<u64>();
    // SAFETY: The CPU has AVX2 and AVX-512F by this function's requirement, and its registers may be
    // used by the section. The block reads `groups`, as `run` cuts them, and reads and writes
    // `long`, which is prepared; its registers are declared. `run.first` is at most `DEPTH`, so
    // that all places are inside the table, or the four bytes after it.
    unsafe {
        asm!(
            begin_streams!(),
            "mov {row}, {top}",
            "sub {row}, 8",
            "2:",
            each_limb!(begin_sum),
            "cmp {row}, {table}",
            "jb 4f",
            "3:",
            multiply_blocks!(),
            "add {data}, 128",
            "sub {row}, 8",
            "cmp {row}, {table}",
            "jae 3b",
            "4:",
            add_product_of_streams!(),
            carry_limbs!(zmm 0 1 2 3 4, 15, 10 11),
            each_limb!(to_stream),
            "lea {begin}, [{table} + {again}]",
            "lea {top}, [{table} + 56]",
            "mov {row}, {top}",
            "dec {batches}",
            "jnz 2b",
            part_streams!(),
            wipe_table!(),
            finish_streams!(),
            wipe_rest!(),
            h = const offset_of!(Lanes, h),
            streams = const offset_of!(Long, streams),
            again = const offset_of!(Long, begin) + size_of::<BatchStart>(),
            table = in(reg) table,
            lanes = in(reg) table.byte_add(offset_of!(Long, lanes)),
            begin = inout(reg) table.byte_add(offset_of!(Long, begin)) => _,
            data = inout(reg) groups.as_ptr() => _,
            row = out(reg) _,
            top = inout(reg) table.wrapping_add(run.first.wrapping_sub(1)) => _,
            batches = inout(reg) run.batches => _,
            tail = in(reg) run.tail,
            more = in(reg) more,
            out("zmm0") _, out("zmm1") _, out("zmm2") _, out("zmm3") _, out("zmm4") _,
            out("zmm5") _, out("zmm6") _, out("zmm7") _, out("zmm8") _, out("zmm9") _,
            out("zmm10") _, out("zmm11") _, out("zmm12") _, out("zmm13") _, out("zmm14") _,
            out("zmm15") _, out("zmm16") _, out("zmm17") _, out("zmm18") _, out("zmm19") _,
            out("zmm20") _, out("zmm21") _, out("zmm22") _, out("zmm23") _, out("zmm24") _,
            out("zmm25") _,
            options(nostack),
        );
    }
    // SAFETY: The sums are there.
    unsafe { long.lanes.take_sums(state) };
}
