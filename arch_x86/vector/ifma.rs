// SPDX-License-Identifier: GPL-2.0

//! Long runs in AVX-512 IFMA: limbs of 44 bits, and up to eight times eight blocks between two
//! carries.
//!
//! `vpmadd52` adds the low or the high 52 bits of a product to a lane. Low and high halves are kept
//! apart until the carry, where the high ones count `2^(52 - 44) = 2^8` in the next limb; and what
//! comes out above `2^132` counts 20 times below, as `2^132 = 4 * 5`.
//!
//! The blocks come out of the unpacking in the order 0, 4, 1, 5, 2, 6, 3, 7.

use core::arch::asm;
use core::mem::offset_of;

use super::lanes::fill_rows;
use super::memory::{limbs_44, long_of, Lanes, Long, DEPTH_44};
use super::streams::Run;
use crate::fpu::Guard;
use crate::generic::{State, Workspace};

/// What [`Scratch`] holds when the limbs of `r^8` and its powers are in it.
const CACHED: u64 = 44;

/// Adds the low and the high halves of the products of a limb of eight blocks with an entry of the
/// power that `{row}` points to.
macro_rules! multiply_add {
    ($low:tt $high:tt += $limb:tt * $entry:tt) => {
        concat!(
            "vpmadd52luq zmm",
            $low,
            ", zmm",
            $limb,
            ", qword ptr [{row} + 8*",
            $entry,
            "]{{1to8}}\n",
            "vpmadd52huq zmm",
            $high,
            ", zmm",
            $limb,
            ", qword ptr [{row} + 8*",
            $entry,
            "]{{1to8}}\n",
        )
    };
}

/// Eight blocks as limbs in zmm12 to zmm14, with the bit above the block. zmm19 is the mask of a
/// limb, zmm20 that bit.
macro_rules! load_blocks {
    () => {
        concat!(
            "vmovdqu64 zmm15, [{data}]\n",
            "vpunpcklqdq zmm12, zmm15, [{data} + 64]\n",
            "vpunpckhqdq zmm15, zmm15, [{data} + 64]\n",
            "add {data}, 128\n",
            shift!(zmm 13 = 12 >> 44), shift!(zmm 14 = 15 << 20),
            // (13 | 14) & 19
            "vpternlogq zmm13, zmm14, zmm19, 0xa8\n",
            and!(zmm 12, 12, 19),
            shift!(zmm 14 = 15 >> 24), or!(zmm 14, 14, 20),
        )
    };
}

/// Adds the products of the limbs with those of the power: entries 0 to 2 are its limbs, 3 and 4
/// are twenty times the last two. Low halves go to zmm0 to zmm2, high ones to zmm3 to zmm5, and
/// those of the middle limb to zmm6 to zmm11, so that no sum has to wait for the one before.
macro_rules! multiply_blocks {
    () => {
        concat!(
            multiply_add!(0 3 += 12 * 0), multiply_add!(1 4 += 12 * 1), multiply_add!(2 5 += 12 * 2),
            multiply_add!(6 9 += 13 * 4), multiply_add!(7 10 += 13 * 0),
            multiply_add!(8 11 += 13 * 1),
            multiply_add!(0 3 += 14 * 3), multiply_add!(1 4 += 14 * 4), multiply_add!(2 5 += 14 * 0),
        )
    };
}

/// For the numbers of registers.
macro_rules! clear {
    ($($r:tt)*) => { concat!($(op!("vpxorq" zmm $r, $r, $r),)*) };
}

/// `to += ` what is in `low` above 44 bits, and `high` at 2^8.
macro_rules! carry_44 {
    ($low:tt $high:tt => $to:tt) => {
        concat!(
            shift!(zmm 15 = $low >> 44), and!(zmm $low, $low, 19), shift!(zmm $high = $high << 8),
            add!(zmm $to, $to, 15), add!(zmm $to, $to, $high),
        )
    };
}

/// The sums as streams in zmm16 to zmm18: below 2^44, the second one below 2^44 + 2^21.
macro_rules! carry_blocks {
    () => {
        concat!(
            add!(zmm 0, 0, 6), add!(zmm 1, 1, 7), add!(zmm 2, 2, 8),
            add!(zmm 3, 3, 9), add!(zmm 4, 4, 10), add!(zmm 5, 5, 11),
            carry_44!(0 3 => 1), carry_44!(1 4 => 2),
            // Around: 20 = 16 + 4.
            shift!(zmm 15 = 2 >> 44), and!(zmm 18, 2, 19), shift!(zmm 5 = 5 << 8),
            add!(zmm 15, 15, 5), shift!(zmm 5 = 15 << 2), shift!(zmm 15 = 15 << 4),
            add!(zmm 0, 0, 5), add!(zmm 0, 0, 15),
            shift!(zmm 15 = 0 >> 44), and!(zmm 16, 0, 19), add!(zmm 17, 1, 15),
        )
    };
}

/// The streams as limbs of 26 bits in zmm0 to zmm4.
macro_rules! to_limbs_26 {
    () => {
        concat!(
            // The second limb may be above 44 bits: into the third one.
            shift!(zmm 5 = 17 >> 44), and!(zmm 17, 17, 19), add!(zmm 18, 18, 5),
            low_bits!(zmm 15, 38),
            and!(zmm 0, 16, 15),
            shift!(zmm 1 = 16 >> 26), shift!(zmm 5 = 17 << 18), or!(zmm 1, 1, 5),
            and!(zmm 1, 1, 15),
            shift!(zmm 2 = 17 >> 8), and!(zmm 2, 2, 15),
            shift!(zmm 3 = 17 >> 34), shift!(zmm 5 = 18 << 10), or!(zmm 3, 3, 5),
            and!(zmm 3, 3, 15),
            shift!(zmm 4 = 18 >> 16),
        )
    };
}

/// Bytes from which on it pays to have more than half of the powers.
const DEEP: usize = 3072;

/// The memory for a run, with the limbs of `depth` powers in it.
///
/// # Safety
///
/// The CPU must have AVX2.
#[inline(always)]
unsafe fn prepare<'a>(
    guard: &Guard,
    state: &State,
    workspace: &'a mut Workspace<'_>,
    depth: usize,
) -> &'a mut Long {
    let Workspace { powers, scratch } = workspace;
    let has_rows = scratch.claim(CACHED);
    let long = long_of(scratch);
    if !has_rows {
        // SAFETY: By this function's requirement.
        unsafe { fill_rows(guard, &mut long.lanes, &state.low_powers(powers)) };
        let high = state.high_powers(powers);
        let [low_half, high_half] = long.rows_44();
        low_half.write(high.map(|power| limbs_44(&power)));
        if depth == DEPTH_44 {
            let higher = state.higher_powers(&high);
            high_half.write(higher.map(|power| limbs_44(&power)));
        }
    }
    long.lanes.h.write(state.limbs());
    long
}

/// Absorbs groups of four blocks, at least four of them.
///
/// # Safety
///
/// The CPU must have AVX2, AVX-512F and AVX-512 IFMA.
#[inline(never)]
pub(crate) unsafe fn absorb(
    guard: &Guard,
    state: &mut State,
    workspace: &mut Workspace<'_>,
    groups: &[u8],
) {
    // What is kept from a call before, or for one after, is all of them.
    let kept = workspace.scratch.cached == CACHED || workspace.scratch.blocks_left != 0;
    let depth = if kept || groups.len() >= DEEP {
        DEPTH_44
    } else {
        DEPTH_44 / 2
    };
    let run = Run::new(groups, depth);
    let more = workspace.scratch.blocks_left;
    // SAFETY: By this function's requirement.
    let long = unsafe { prepare(guard, state, workspace, depth) };
    let [h0, h1, h2] = state.limbs_44();
    let table = (&raw mut *long).cast::<[u64; 5]>();
    // SAFETY: The CPU has AVX2, AVX-512F and AVX-512 IFMA by this function's requirement, and its
    // registers may be used by the section. The block reads `groups`, as `run` cuts them, and reads
    // and writes `long`, which is prepared; its registers are declared. `run.first` is at most
    // `depth`, so that all places are inside the rows.
    unsafe {
        asm!(
            "vmovq xmm16, {h0}", "vmovq xmm17, {h1}", "vmovq xmm18, {h2}",
            low_bits!(zmm 19, 20),
            low_bits!(zmm 20, 63), shift!(zmm 20 = 20 << 40),
            "2:",
            "mov {row}, {top}",
            clear!(0 1 2 3 4 5 6 7 8 9 10 11),
            load_blocks!(),
            add!(zmm 12, 12, 16), add!(zmm 13, 13, 17), add!(zmm 14, 14, 18),
            multiply_blocks!(),
            "sub {row}, 40",
            "cmp {row}, {table}",
            "jb 4f",
            "3:",
            load_blocks!(),
            multiply_blocks!(),
            "sub {row}, 40",
            "cmp {row}, {table}",
            "jae 3b",
            "4:",
            carry_blocks!(),
            "mov {top}, {deep}",
            "dec {batches}",
            "jnz 2b",
            to_limbs_26!(),
            part_streams!(),
            wipe_table!(),
            finish_streams!(),
            wipe_rest!(),
            h = const offset_of!(Lanes, h),
            streams = const offset_of!(Long, streams),
            table = in(reg) table,
            lanes = in(reg) table.byte_add(offset_of!(Long, lanes)),
            data = inout(reg) groups.as_ptr() => _,
            row = out(reg) _,
            top = inout(reg) table.wrapping_add(run.first.wrapping_sub(1)) => _,
            deep = in(reg) table.wrapping_add(depth.wrapping_sub(1)),
            batches = inout(reg) run.batches => _,
            tail = in(reg) run.tail,
            more = in(reg) more,
            h0 = in(reg) h0, h1 = in(reg) h1, h2 = inout(reg) h2 => _,
            out("zmm0") _, out("zmm1") _, out("zmm2") _, out("zmm3") _, out("zmm4") _,
            out("zmm5") _, out("zmm6") _, out("zmm7") _, out("zmm8") _, out("zmm9") _,
            out("zmm10") _, out("zmm11") _, out("zmm12") _, out("zmm13") _, out("zmm14") _,
            out("zmm15") _, out("zmm16") _, out("zmm17") _, out("zmm18") _, out("zmm19") _,
            out("zmm20") _,
            options(nostack),
        );
    }
    // SAFETY: The sums are there.
    unsafe { long.lanes.take_sums(state) };
}
