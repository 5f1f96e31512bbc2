// SPDX-License-Identifier: GPL-2.0

//! The table for long runs: what the 32-bit words of a block are multiplied by.
//!
//! A block is used as it is, in four words. For a power `R` the table has the five limbs of
//! `2^(32i) R` for each word `i`, so that no word has to be taken apart, and nothing of a group has
//! to be carried.

use core::arch::asm;
use core::mem::offset_of;

use super::lanes::fill_rows;
use super::memory::{long_of, Long, DEPTH};
use crate::fpu::Guard;
use crate::generic::{State, Workspace};

/// A pair of entries of four powers.
macro_rules! put_pair {
    ($pair:tt, $low:tt, $high:tt) => {
        concat!(
            shift!(ymm 14 = $high << 32), or!(ymm 14, 14, $low),
            "vmovdqu [{table} + 64*", $pair, "], ymm14\n",
        )
    };
}

/// `y = (low 20 bits of x) 2^6 + z`: what of a limb stays below 2^26 when it is shifted by 6 bits.
macro_rules! shift_limb {
    ($y:tt, $x:tt, $z:tt) => {
        concat!(shift!(ymm $y = $x << 6), and!(ymm $y, $y, 15), add!(ymm $y, $y, $z))
    };
}

/// Multiplies the limbs ymm0 to ymm4 by 2^32: by one limb, and by 6 bits. They are below 2^26.4
/// before, and below 2^26 + 2^10 after.
macro_rules! shift_32 {
    () => {
        concat!(
            // What goes up by two limbs.
            shift!(ymm 5 = 0 >> 20), shift!(ymm 6 = 1 >> 20), shift!(ymm 7 = 2 >> 20),
            shift!(ymm 8 = 3 >> 20), shift!(ymm 9 = 4 >> 20), five!(ymm 14 = 9),
            // By one: the last one comes in five times below.
            shift_limb!(10, 4, 8), five!(ymm 11 = 10),
            shift_limb!(4, 3, 7), shift_limb!(3, 2, 6), shift_limb!(2, 1, 5),
            shift_limb!(1, 0, 14),
            shift!(ymm 5 = 11 >> 26), and!(ymm 0, 11, 15), add!(ymm 1, 1, 5),
        )
    };
}

/// The entries of the four powers whose limbs are ymm0 to ymm4. ymm15 is the mask of a limb.
macro_rules! put_powers {
    () => {
        concat!(
            put_pair!(0, 0, 1),
            put_pair!(1, 2, 3),
            "vmovdqa ymm13, ymm4\n",
            shift_32!(),
            put_pair!(2, 0, 1),
            put_pair!(3, 2, 3),
            put_pair!(8, 13, 4),
            shift_32!(),
            put_pair!(4, 0, 1),
            put_pair!(5, 2, 3),
            "vmovdqa ymm13, ymm4\n",
            shift_32!(),
            put_pair!(6, 0, 1),
            put_pair!(7, 2, 3),
            put_pair!(9, 13, 4),
        )
    };
}

/// ymm5 to ymm9 = ymm0 to ymm4 times the power in that lane of these.
macro_rules! times_lane {
    ($lane:tt) => {
        concat!(
            "vpermq ymm10, ymm0, ", $lane, "\n",
            product!(5 = 0 * 10), product!(6 = 1 * 10), product!(7 = 2 * 10),
            product!(8 = 3 * 10), product!(9 = 4 * 10),
            "vpermq ymm10, ymm1, ", $lane, "\n", five!(ymm 11 = 10),
            product!(6 += 0 * 10, 12), product!(7 += 1 * 10, 13), product!(8 += 2 * 10, 12),
            product!(9 += 3 * 10, 13), product!(5 += 4 * 11, 12),
            "vpermq ymm10, ymm2, ", $lane, "\n", five!(ymm 11 = 10),
            product!(7 += 0 * 10, 12), product!(8 += 1 * 10, 13), product!(9 += 2 * 10, 12),
            product!(5 += 3 * 11, 13), product!(6 += 4 * 11, 12),
            "vpermq ymm10, ymm3, ", $lane, "\n", five!(ymm 11 = 10),
            product!(8 += 0 * 10, 12), product!(9 += 1 * 10, 13), product!(5 += 2 * 11, 12),
            product!(6 += 3 * 11, 13), product!(7 += 4 * 11, 12),
            "vpermq ymm10, ymm4, ", $lane, "\n", five!(ymm 11 = 10),
            product!(9 += 0 * 10, 12), product!(5 += 1 * 11, 13), product!(6 += 2 * 11, 12),
            product!(7 += 3 * 11, 13), product!(8 += 4 * 11, 12),
            carry_limbs!(ymm 5 6 7 8 9, 15, 10 11),
        )
    };
}

/// Fills the table with the powers of `R`.
///
/// # Safety
///
/// The CPU must have AVX2.
#[inline(always)]
unsafe fn fill(_: &Guard, long: &mut Long, powers: &[[u64; 3]; 4]) {
    let [a, b, c, d] = powers;
    long.words
        .write([0, 1, 2].map(|i| [a[i], b[i], c[i], d[i]]));
    const { assert!(DEPTH == 8) };
    // SAFETY: The CPU has AVX2 by this function's requirement, and its registers may be used by the
    // section. The block reads the words, and writes the table and the streams; its registers are
    // declared.
    unsafe {
        asm!(
            low_bits!(ymm 15, 38),
            gather!(0, 0), gather!(5, 1), gather!(6, 2),
            shift!(ymm 1 = 0 >> 26), shift!(ymm 2 = 0 >> 52), shift!(ymm 8 = 5 << 12),
            shift!(ymm 3 = 5 >> 14), shift!(ymm 4 = 5 >> 40), shift!(ymm 6 = 6 << 24),
            or!(ymm 2, 2, 8),
            and!(ymm 0, 0, 15), and!(ymm 1, 1, 15), and!(ymm 2, 2, 15), and!(ymm 3, 3, 15),
            or!(ymm 4, 4, 6),
            // All four, times R^4.
            times_lane!(0xff),
            "vmovdqu [{lanes} + {streams}], ymm5",
            "vmovdqu [{lanes} + {streams} + 32], ymm6",
            "vmovdqu [{lanes} + {streams} + 64], ymm7",
            "vmovdqu [{lanes} + {streams} + 96], ymm8",
            "vmovdqu [{lanes} + {streams} + 128], ymm9",
            put_powers!(),
            "vmovdqu ymm0, [{lanes} + {streams}]",
            "vmovdqu ymm1, [{lanes} + {streams} + 32]",
            "vmovdqu ymm2, [{lanes} + {streams} + 64]",
            "vmovdqu ymm3, [{lanes} + {streams} + 96]",
            "vmovdqu ymm4, [{lanes} + {streams} + 128]",
            "add {table}, 32",
            put_powers!(),
            "vzeroupper",
            words = const offset_of!(Long, words),
            streams = const offset_of!(Long, streams),
            lanes = in(reg) &raw mut *long,
            table = inout(reg) &raw mut *long => _,
            out("ymm0") _, out("ymm1") _, out("ymm2") _, out("ymm3") _, out("ymm4") _,
            out("ymm5") _, out("ymm6") _, out("ymm7") _, out("ymm8") _, out("ymm9") _,
            out("ymm10") _, out("ymm11") _, out("ymm12") _, out("ymm13") _, out("ymm14") _,
            out("ymm15") _,
            options(nostack),
        );
    }
}

/// What [`Scratch`] holds when the table of `r^8` is in it.
const CACHED: u64 = 8;

/// The memory for a run, with the table in it, prepared for a first batch of `first` times eight
/// blocks.
///
/// # Safety
///
/// The CPU must have AVX2.
#[inline(always)]
pub(super) unsafe fn prepare<'a>(
    guard: &Guard,
    state: &State,
    workspace: &'a mut Workspace<'_>,
    first: usize,
) -> &'a mut Long {
    let Workspace { powers, scratch } = workspace;
    let has_table = scratch.claim(CACHED);
    let long = long_of(scratch);
    if !has_table {
        let low = state.low_powers(powers);
        // SAFETY: By this function's requirement.
        unsafe { fill_rows(guard, &mut long.lanes, &low) };
        // SAFETY: As above.
        unsafe { fill(guard, long, &state.high_powers(powers)) };
    }
    // SAFETY: The table is filled: just now, or by a call before, as the content says.
    unsafe { long.begin(state, first, !has_table) };
    long
}
