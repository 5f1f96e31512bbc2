// SPDX-License-Identifier: GPL-2.0

//! Long runs in AVX2: eight blocks at a time, up to eight times that between two carries.
//!
//! There are eight streams, of which each has every eighth block and is evaluated in `R = r^8`.
//! They are in two registers for each limb, so that an entry of the table is loaded once for both.

use core::arch::asm;
use core::mem::{offset_of, size_of};

use super::memory::{BatchStart, Lanes, Long, DEPTH};
use super::streams::Run;
use super::table;
use crate::fpu::Guard;
use crate::generic::{State, Workspace};

/// The products of one word of all eight blocks, ymm10 and ymm11, with its five entries.
macro_rules! multiply_word {
    ($e0:tt $e1:tt $e2:tt $e3:tt $e4:tt) => {
        concat!(
            multiply_word!(@add 0 5 $e0, 12 13), multiply_word!(@add 1 6 $e1, 14 15),
            multiply_word!(@add 2 7 $e2, 12 13), multiply_word!(@add 3 8 $e3, 14 15),
            multiply_word!(@add 4 9 $e4, 12 13),
        )
    };
    (@add $a:tt $b:tt $entry:tt, $t:tt $u:tt) => {
        concat!(
            "vpbroadcastd ymm", $t, ", dword ptr [{row} + ", at!($entry), "]\n",
            op!("vpmuludq" ymm $u, $t, 10), op!("vpmuludq" ymm $t, $t, 11),
            add!(ymm $a, $a, $u), add!(ymm $b, $b, $t),
        )
    };
}

/// Half of the words of eight blocks: 0 and 1 by `vpunpcklqdq`, 2 and 3 by `vpunpckhqdq`. What is
/// above a word does not matter.
macro_rules! load_words {
    ($unpack:literal) => {
        concat!(
            "vmovdqu ymm10, [{data}]\n",
            $unpack,
            " ymm10, ymm10, [{data} + 32]\n",
            "vmovdqu ymm11, [{data} + 64]\n",
            $unpack,
            " ymm11, ymm11, [{data} + 96]\n",
        )
    };
}

/// Adds the products of eight blocks with the power that `{row}` points to.
macro_rules! multiply_blocks {
    () => {
        concat!(
            load_words!("vpunpcklqdq"), multiply_word!(0 1 2 3 4),
            shift!(ymm 10 = 10 >> 32), shift!(ymm 11 = 11 >> 32), multiply_word!(5 6 7 8 9),
            load_words!("vpunpckhqdq"), multiply_word!(10 11 12 13 14),
            shift!(ymm 10 = 10 >> 32), shift!(ymm 11 = 11 >> 32), multiply_word!(15 16 17 18 19),
        )
    };
}

/// Adds the products of limbs of the streams with one limb of a power: `limb sum sum`.
macro_rules! multiply_streams {
    ($from:literal: $($limb:tt $a:tt $b:tt),*) => {
        concat!(
            "vpbroadcastd ymm10, dword ptr [", $from, "]\n",
            $(
                "vpmuludq ymm12, ymm10, [{table} + {streams} + 64*", $limb, "]\n",
                "vpmuludq ymm13, ymm10, [{table} + {streams} + 64*", $limb, " + 32]\n",
                add!(ymm $a, $a, 12), add!(ymm $b, $b, 13),
            )*
        )
    };
}

/// Adds the streams times the power that the first blocks of the batch were multiplied by.
macro_rules! add_product_of_streams {
    () => {
        concat!(
            multiply_streams!("{top}": 0 0 5, 1 1 6, 2 2 7, 3 3 8, 4 4 9),
            multiply_streams!("{top} + 4": 0 1 6, 1 2 7, 2 3 8, 3 4 9),
            multiply_streams!("{top} + 64": 0 2 7, 1 3 8, 2 4 9),
            multiply_streams!("{top} + 68": 0 3 8, 1 4 9),
            multiply_streams!("{top} + 512": 0 4 9),
            multiply_streams!("{begin} + 40": 4 0 5),
            multiply_streams!("{begin} + 44": 3 0 5, 4 1 6),
            multiply_streams!("{begin} + 48": 2 0 5, 3 1 6, 4 2 7),
            multiply_streams!("{begin} + 52": 1 0 5, 2 1 6, 3 2 7, 4 3 8),
        )
    };
}

/// Makes the first eight blocks the streams, with the accumulator in the first one: what comes
/// first need not be multiplied word by word, as the batch multiplies the streams anyway.
macro_rules! begin_streams {
    () => {
        concat!(
            low_bits!(ymm 15, 38), low_bits!(ymm 14, 63), shift!(ymm 14 = 14 << 24),
            load_group!(), begin_streams!(@add 0 5, 1 6, 2 7, 3 8, 4 9),
            begin_streams!(@put "0": 0 5, 1 6, 2 7, 3 8, 4 9),
            load_group!(), begin_streams!(@put "32": 0 5, 1 6, 2 7, 3 8, 4 9),
        )
    };
    (@add $($limb:tt $block:tt),*) => {
        concat!($(
            "vmovq xmm0, [{lanes} + {h} + 8*", $limb, "]\n",
            add!(ymm $block, $block, 0),
        )*)
    };
    (@put $half:literal: $($limb:tt $block:tt),*) => {
        concat!($(
            "vmovdqu [{table} + {streams} + 64*", $limb, " + ", $half, "], ymm", $block, "\n",
        )*)
    };
}

/// Begins the sums with the bits above the blocks.
macro_rules! begin_batch {
    () => { begin_batch!(@each 0 0 5, 1 1 6, 2 2 7, 3 3 8, 4 4 9) };
    (@each $($limb:tt $a:tt $b:tt),*) => {
        concat!($(
            "vpbroadcastq ymm", $a, ", qword ptr [{begin} + 8*", $limb, "]\n",
            "vmovdqa ymm", $b, ", ymm", $a, "\n",
        )*)
    };
}

/// Leaves the streams in memory.
macro_rules! put_streams {
    ($($limb:tt $a:tt $b:tt),*) => {
        concat!($(
            "vmovdqu [{table} + {streams} + 64*", $limb, "], ymm", $a, "\n",
            "vmovdqu [{table} + {streams} + 64*", $limb, " + 32], ymm", $b, "\n",
        )*)
    };
}

/// Absorbs groups of four blocks, at least four of them.
///
/// # Safety
///
/// The CPU must have AVX2.
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
    // SAFETY: The CPU has AVX2 by this function's requirement, and its registers may be used by the
    // section. The block reads `groups`, as `run` cuts them, and reads and writes `long`, which is
    // prepared; its registers are declared. `run.first` is at most `DEPTH`, so that all places are
    // inside the table.
    unsafe {
        asm!(
            begin_streams!(),
            "mov {row}, {top}",
            "sub {row}, 8",
            "2:",
            begin_batch!(),
            "cmp {row}, {table}",
            "jb 4f",
            ".p2align 6",
            "3:",
            multiply_blocks!(),
            "add {data}, 128",
            "sub {row}, 8",
            "cmp {row}, {table}",
            "jae 3b",
            "4:",
            add_product_of_streams!(),
            low_bits!(ymm 15, 38),
            carry_limbs!(ymm 0 1 2 3 4, 15, 10 11),
            carry_limbs!(ymm 5 6 7 8 9, 15, 12 13),
            put_streams!(0 0 5, 1 1 6, 2 2 7, 3 3 8, 4 4 9),
            "lea {begin}, [{table} + {again}]",
            "lea {top}, [{table} + 56]",
            "mov {row}, {top}",
            "dec {batches}",
            "jnz 2b",
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
            out("ymm0") _, out("ymm1") _, out("ymm2") _, out("ymm3") _, out("ymm4") _,
            out("ymm5") _, out("ymm6") _, out("ymm7") _, out("ymm8") _, out("ymm9") _,
            out("ymm10") _, out("ymm11") _, out("ymm12") _, out("ymm13") _, out("ymm14") _,
            out("ymm15") _,
            options(nostack),
        );
    }
    // SAFETY: The sums are there.
    unsafe { long.lanes.take_sums(state) };
}
