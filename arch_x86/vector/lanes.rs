// SPDX-License-Identifier: GPL-2.0

//! Four blocks at a time in limbs of 26 bits: short runs, and the end of all of them.
//!
//! The blocks of a run are four streams, of which each has every fourth block. A stream is
//! evaluated in `r^4`; at the last four blocks, lane by lane, in `r^4`, `r^3`, `r^2` and `r`, which
//! makes the streams one sum. (Several blocks at a time by powers of `r`: Goll and Gueron,
//! "Vectorization of Poly1305 message authentication code", ITNG 2015.)
//!
//! The lanes of a group come out of the unpacking in the order 0, 2, 1, 3.

use core::arch::asm;
use core::mem::offset_of;

use super::memory::{lanes_of, Lanes};
use crate::fpu::Guard;
use crate::generic::{State, Workspace, BLOCK_SIZE};

/// Bytes in a group.
pub(crate) const GROUP: usize = 4 * BLOCK_SIZE;

/// `t` = an entry of the rows, in all lanes: of the power that `{row}` points to.
macro_rules! entry {
    ($t:tt, $e:tt) => {
        concat!(
            "vpbroadcastd ymm",
            $t,
            ", dword ptr [{row} + 32*",
            $e,
            "]\n"
        )
    };
}

/// `acc = a * b`, or `acc += a * b`.
macro_rules! product {
    ($acc:tt = $a:tt * $b:tt) => { op!("vpmuludq" ymm $acc, $a, $b) };
    ($acc:tt += $a:tt * $b:tt, $t:tt) => {
        concat!(op!("vpmuludq" ymm $t, $a, $b), add!(ymm $acc, $acc, $t))
    };
}

/// Four blocks as limbs in ymm5 to ymm9, with the bit above the block: `2^128` is `2^24` in the
/// last limb. ymm15 is the mask of a limb, ymm14 that bit.
macro_rules! load_group {
    () => {
        concat!(
            "vmovdqu ymm9, [{data}]\n",
            "vpunpcklqdq ymm5, ymm9, [{data} + 32]\n",
            "vpunpckhqdq ymm9, ymm9, [{data} + 32]\n",
            "add {data}, 64\n",
            split_limbs!(ymm),
        )
    };
}

/// Makes the halves of blocks, in registers 5 and 9, limbs in registers 5 to 9.
macro_rules! split_limbs {
    ($v:ident) => {
        concat!(
            shift!($v 6 = 5 >> 26), shift!($v 7 = 5 >> 52), shift!($v 11 = 9 << 12),
            shift!($v 8 = 9 >> 14), shift!($v 9 = 9 >> 40),
            or!($v 7, 7, 11),
            and!($v 5, 5, 15), and!($v 6, 6, 15), and!($v 7, 7, 15), and!($v 8, 8, 15),
            or!($v 9, 9, 14),
        )
    };
}

/// Adds the streams, ymm0 to ymm4, to the group.
macro_rules! add_streams {
    () => {
        concat!(
            add!(ymm 5, 5, 0), add!(ymm 6, 6, 1), add!(ymm 7, 7, 2), add!(ymm 8, 8, 3),
            add!(ymm 9, 9, 4),
        )
    };
}

/// The products of the group with the first limb of a power.
macro_rules! first_products {
    (=) => {
        concat!(
            entry!(11, 0),
            product!(0 = 5 * 11),
            product!(1 = 6 * 11),
            product!(2 = 7 * 11),
            product!(3 = 8 * 11),
            product!(4 = 9 * 11),
        )
    };
    (+=) => {
        concat!(
            entry!(11, 0),
            product!(0 += 5 * 11, 12),
            product!(1 += 6 * 11, 13),
            product!(2 += 7 * 11, 12),
            product!(3 += 8 * 11, 13),
            product!(4 += 9 * 11, 12),
        )
    };
}

/// Those with the others, which come down five times where they reach bit 130: entry `4 + i` of a
/// row is five times entry `i`.
macro_rules! other_products {
    () => {
        concat!(
            entry!(11, 1),
            product!(1 += 5 * 11, 12),
            product!(2 += 6 * 11, 13),
            product!(3 += 7 * 11, 12),
            product!(4 += 8 * 11, 13),
            entry!(10, 5),
            product!(0 += 9 * 10, 12),
            entry!(11, 2),
            product!(2 += 5 * 11, 13),
            product!(3 += 6 * 11, 12),
            product!(4 += 7 * 11, 13),
            entry!(10, 6),
            product!(0 += 8 * 10, 12),
            product!(1 += 9 * 10, 13),
            entry!(11, 3),
            product!(3 += 5 * 11, 12),
            product!(4 += 6 * 11, 13),
            entry!(10, 7),
            product!(0 += 7 * 10, 12),
            product!(1 += 8 * 10, 13),
            product!(2 += 9 * 10, 12),
            entry!(11, 4),
            product!(4 += 5 * 11, 13),
            entry!(10, 8),
            product!(0 += 6 * 10, 12),
            product!(1 += 7 * 10, 13),
            product!(2 += 8 * 10, 12),
            product!(3 += 9 * 10, 13),
        )
    };
}

/// One limb of the products of the last group with the powers of its lanes.
macro_rules! last_limb {
    ($acc:tt: $e0:tt $e1:tt $e2:tt $e3:tt $e4:tt) => {
        concat!(
            last_limb!(@by $acc = 5 * $e0), last_limb!(@by 10 = 6 * $e1), add!(ymm $acc, $acc, 10),
            last_limb!(@by 11 = 7 * $e2), last_limb!(@by 12 = 8 * $e3), add!(ymm 11, 11, 12),
            last_limb!(@by 13 = 9 * $e4), add!(ymm $acc, $acc, 13), add!(ymm $acc, $acc, 11),
        )
    };
    (@by $to:tt = $a:tt * $e:tt) => {
        concat!("vpmuludq ymm", $to, ", ymm", $a, ", [{lanes} + 32*", $e, "]\n")
    };
}

/// The sums over all lanes of two registers, in the two low lanes of the first one; or of one.
macro_rules! sum_lanes {
    ($a:tt) => {
        concat!(
            "vextracti128 xmm10, ymm", $a, ", 1\n",
            "vpaddq xmm", $a, ", xmm", $a, ", xmm10\n",
            "vpunpckhqdq xmm10, xmm", $a, ", xmm", $a, "\n",
            "vpaddq xmm", $a, ", xmm", $a, ", xmm10\n",
        )
    };
    ($a:tt $b:tt) => {
        concat!(
            op!("vpunpcklqdq" ymm 10, $a, $b), op!("vpunpckhqdq" ymm 11, $a, $b),
            add!(ymm 10, 10, 11),
            "vextracti128 xmm11, ymm10, 1\n",
            "vpaddq xmm", $a, ", xmm10, xmm11\n",
        )
    };
}

/// The last group, with the streams in ymm0 to ymm4: leaves the sums of limbs in `h`.
macro_rules! finish_lanes {
    () => {
        concat!(
            load_group!(), add_streams!(),
            last_limb!(0: 0 8 7 6 5), last_limb!(1: 1 0 8 7 6), last_limb!(2: 2 1 0 8 7),
            last_limb!(3: 3 2 1 0 8), last_limb!(4: 4 3 2 1 0),
            sum_lanes!(0 1), sum_lanes!(2 3), sum_lanes!(4),
            "vmovdqu [{lanes} + {h}], xmm0\n",
            "vmovdqu [{lanes} + {h} + 16], xmm2\n",
            "vmovq [{lanes} + {h} + 32], xmm4\n",
        )
    };
}

/// Four words that were written one by one, in one register: as one load it would have to wait
/// until they all are in the cache.
macro_rules! gather {
    ($to:tt, $at:tt) => {
        concat!(
            "vmovq xmm",
            $to,
            ", [{lanes} + {words} + 32*",
            $at,
            "]\n",
            "vpinsrq xmm",
            $to,
            ", xmm",
            $to,
            ", [{lanes} + {words} + 32*",
            $at,
            " + 8], 1\n",
            "vmovq xmm8, [{lanes} + {words} + 32*",
            $at,
            " + 16]\n",
            "vpinsrq xmm8, xmm8, [{lanes} + {words} + 32*",
            $at,
            " + 24], 1\n",
            "vinserti128 ymm",
            $to,
            ", ymm",
            $to,
            ", xmm8, 1\n",
        )
    };
}

/// A limb of the powers as an entry of the rows, and five times it as another one.
macro_rules! put_row {
    ($limb:tt, $e:tt) => {
        concat!(
            "vmovdqu [{lanes} + 32*", $e, "], ymm", $limb, "\n",
            five!(ymm 0 = $limb),
            "vmovdqu [{lanes} + 32*(4 + ", $e, ")], ymm0\n",
        )
    };
}

/// Wipes rows and words: 12 times 32 bytes.
macro_rules! wipe_lanes {
    () => {
        concat!(
            op!("vpxor" ymm 0, 0, 0),
            wipe_lanes!(@at 0 1 2 3 4 5 6 7 8 9 10 11)
        )
    };
    (@at $($i:tt)*) => { concat!($("vmovdqu [{lanes} + 32*", $i, "], ymm0\n",)*) };
}

/// Fills the rows of the first four powers.
///
/// # Safety
///
/// The CPU must have AVX2.
#[inline(always)]
pub(super) unsafe fn fill_rows(_: &Guard, lanes: &mut Lanes, powers: &[[u64; 3]; 4]) {
    let [r, r2, r3, r4] = powers;
    let words = [0, 1, 2].map(|i| [r4[i], r2[i], r3[i], r[i]]);
    lanes.words.write(words);
    // SAFETY: The CPU has AVX2 by this function's requirement, and its registers may be used by the
    // section. The block reads the words and writes the rows; its registers are declared.
    unsafe {
        asm!(
            low_bits!(ymm 15, 38),
            gather!(0, 0), gather!(1, 1), gather!(2, 2),
            shift!(ymm 4 = 0 >> 26), shift!(ymm 5 = 0 >> 52), shift!(ymm 8 = 1 << 12),
            shift!(ymm 6 = 1 >> 14), shift!(ymm 7 = 1 >> 40), shift!(ymm 2 = 2 << 24),
            or!(ymm 5, 5, 8),
            and!(ymm 3, 0, 15), and!(ymm 4, 4, 15), and!(ymm 5, 5, 15), and!(ymm 6, 6, 15),
            or!(ymm 7, 7, 2),
            "vmovdqu [{lanes}], ymm3",
            put_row!(4, 1), put_row!(5, 2), put_row!(6, 3), put_row!(7, 4),
            "vzeroupper",
            words = const offset_of!(Lanes, words),
            lanes = in(reg) &raw mut *lanes,
            out("ymm0") _, out("ymm1") _, out("ymm2") _, out("ymm3") _, out("ymm4") _,
            out("ymm5") _, out("ymm6") _, out("ymm7") _, out("ymm8") _, out("ymm15") _,
            options(nostack),
        );
    }
}

/// Absorbs groups of four blocks.
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
    let lanes = lanes_of(workspace.scratch);
    // Before the last one. Two of them share a carry.
    let count = (groups.len() / GROUP).wrapping_sub(1);
    let low = state.low_powers(workspace.powers);
    if count > 1 {
        let r8 = state.middle_power(workspace.powers);
        // SAFETY: The CPU has AVX2 by this function's requirement, and the rows are filled then.
        unsafe {
            fill_rows(guard, lanes, &low);
            lanes.put_above(&r8);
        }
    } else {
        // SAFETY: By this function's requirement.
        unsafe { fill_rows(guard, lanes, &low) };
    }
    lanes.h.write(state.limbs());
    // SAFETY: The CPU has AVX2 by this function's requirement, and its registers may be used by the
    // section. The block reads `groups`, `count + 1` groups, and reads and writes `lanes`, whose
    // rows are filled, with `r^8` if there are pairs; its registers are declared.
    unsafe {
        asm!(
            "vmovq xmm0, [{lanes} + {h}]",
            "vmovq xmm1, [{lanes} + {h} + 8]",
            "vmovq xmm2, [{lanes} + {h} + 16]",
            "vmovq xmm3, [{lanes} + {h} + 24]",
            "vmovq xmm4, [{lanes} + {h} + 32]",
            low_bits!(ymm 15, 38),
            low_bits!(ymm 14, 63), shift!(ymm 14 = 14 << 24),
            "mov {row}, {lanes}",
            "test {count}, {count}",
            "jz 5f",
            // The first group of a pair is multiplied by r^8, and one alone by r^4.
            "test {count:l}, 1",
            "jnz 2f",
            "add {row}, 4",
            ".p2align 6",
            "2:",
            load_group!(), add_streams!(), first_products!(=), other_products!(),
            "dec {count}",
            "cmp {row}, {lanes}",
            "je 4f",
            "mov {row}, {lanes}",
            load_group!(), first_products!(+=), other_products!(),
            "dec {count}",
            "4:",
            carry_limbs!(ymm 0 1 2 3 4, 15, 12 13),
            "lea {row}, [{lanes} + 4]",
            "test {count}, {count}",
            "jnz 2b",
            "5:",
            finish_lanes!(),
            wipe_lanes!(),
            h = const offset_of!(Lanes, h),
            lanes = in(reg) &raw mut *lanes,
            data = inout(reg) groups.as_ptr() => _,
            row = out(reg) _,
            count = inout(reg) count => _,
            out("ymm0") _, out("ymm1") _, out("ymm2") _, out("ymm3") _, out("ymm4") _,
            out("ymm5") _, out("ymm6") _, out("ymm7") _, out("ymm8") _, out("ymm9") _,
            out("ymm10") _, out("ymm11") _, out("ymm12") _, out("ymm13") _, out("ymm14") _,
            out("ymm15") _,
            options(nostack),
        );
    }
    // SAFETY: The sums are there.
    unsafe { lanes.take_sums(state) };
}
