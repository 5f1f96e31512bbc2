// SPDX-License-Identifier: GPL-2.0

//! AVX-512 IFMA: long runs with limbs of 44 bits, up to eight times eight blocks between two
//! carries. A batch is
//!
//!     h = ((h + m1) R^8 + m2 R^7 + ... + m8 R) mod 2^130 - 5
//!
//! where each `m` is eight blocks and `R = r^8`.
//!
//! `vpmadd52` adds the low or the high 52 bits of a product to a lane. Low and high halves are kept
//! apart until the carry, where the high ones count `2^(52 - 44) = 2^8` in the next limb; and what
//! comes out above `2^132` counts 20 times below, as `2^132 = 4 * 5`. Sums are below 2^59.4, which is
//! that of the last groups, in limbs of 26 bits.
//!
//! The lanes have the blocks 0, 4, 1, 5, 2, 6, 3 and 7.

use core::arch::asm;
use core::mem::offset_of;

use super::long_run::{self, finish_streams, part_streams, Run};
use super::scratch::{limbs_44, long_of, Lanes, Long, DEPTH_44};
use super::steps::{self, low_bits, registers, zmm};
use super::table::fill_rows;
use crate::fpu::Guard;
use crate::generic::{higher_powers, State, Workspace};

/// What `Scratch::cached` is when the limbs of `r^8` and its powers are in the memory.
const CACHED: u64 = 44;

registers! {
    // Sums of low halves and of high ones, and those of the middle limb of blocks.
    lo0 0, lo1 1, lo2 2, hi0 3, hi1 4, hi2 5,
    lo3 6, lo4 7, lo5 8, hi3 9, hi4 10, hi5 11,
    // Eight blocks.
    b0 12, b1 13, b2 14,
    x 15,
    // The streams, the mask of a limb of 44 bits, and the bit above a block.
    s0 16, s1 17, s2 18, mask44 19, bit128_44 20,
    // The end, as in `avx2.rs`; `y` is for what is shifted, `order` where lanes go.
    h0 0, h1 1, h2 2, h3 3, h4 4, y 5,
    m0 5, m1 6, m2 7, m3 8, m4 9,
    s 10, r 11, t 12, u 13, bit128 14, mask 15, order 15,
}

/// Eight blocks as limbs, with the bit above each block.
macro_rules! load_blocks {
    () => {
        zmm! {
            vmovdqu x, ["{data}"];
            vpunpcklqdq b0, x, ["{data} + 64"];
            vpunpckhqdq x, x, ["{data} + 64"];
            "add {data}, 128";
            vpsrlq b1, b0, 44;
            vpsllq b2, x, 20;
            // (b1 | b2) & mask44
            vpternlogq b1, b2, mask44, 0xa8;
            vpand b0, b0, mask44;
            vpsrlq b2, x, 24;
            vpor b2, b2, bit128_44;
        }
    };
}

/// Adds the low and the high halves of the products of a limb of eight blocks with an entry of the
/// power that `{row}` points to.
macro_rules! multiply_add {
    ($lo:ident $hi:ident += $b:ident * $entry:literal) => {
        zmm! {
            vpmadd52luq $lo, $b, ("qword ptr [{row} + 8*" $entry "]{{1to8}}");
            vpmadd52huq $hi, $b, ("qword ptr [{row} + 8*" $entry "]{{1to8}}");
        }
    };
}

/// Adds the products of the limbs with those of the power: entries 0 to 2 are its limbs, 3 and 4
/// are twenty times the last two. Those of the middle limb have sums of their own, so that no sum has
/// to wait for the one before.
macro_rules! multiply_blocks {
    () => {
        zmm! {
            multiply_add!(lo0 hi0 += b0 * 0);
            multiply_add!(lo1 hi1 += b0 * 1);
            multiply_add!(lo2 hi2 += b0 * 2);
            multiply_add!(lo3 hi3 += b1 * 4);
            multiply_add!(lo4 hi4 += b1 * 0);
            multiply_add!(lo5 hi5 += b1 * 1);
            multiply_add!(lo0 hi0 += b2 * 3);
            multiply_add!(lo1 hi1 += b2 * 4);
            multiply_add!(lo2 hi2 += b2 * 0);
        }
    };
}

/// For some registers.
macro_rules! clear {
    ($($to:ident)*) => {
        zmm! {
            $(vpxor $to, $to, $to;)*
        }
    };
}

/// `to += ` what is in `lo` above 44 bits, and `hi` at 2^8.
macro_rules! carry_44 {
    ($lo:ident $hi:ident => $to:ident) => {
        zmm! {
            vpsrlq x, $lo, 44;
            vpand $lo, $lo, mask44;
            vpsllq $hi, $hi, 8;
            vpaddq $to, $to, x;
            vpaddq $to, $to, $hi;
        }
    };
}

/// The sums as streams: below 2^44, the second one below 2^44 + 2^21.
macro_rules! carry_blocks {
    () => {
        zmm! {
            vpaddq lo0, lo0, lo3;
            vpaddq lo1, lo1, lo4;
            vpaddq lo2, lo2, lo5;
            vpaddq hi0, hi0, hi3;
            vpaddq hi1, hi1, hi4;
            vpaddq hi2, hi2, hi5;
            carry_44!(lo0 hi0 => lo1);
            carry_44!(lo1 hi1 => lo2);
            // Around: 20 = 4 + 16.
            vpsrlq x, lo2, 44;
            vpand s2, lo2, mask44;
            vpsllq hi2, hi2, 8;
            vpaddq x, x, hi2;
            vpsllq hi2, x, 2;
            vpsllq x, x, 4;
            vpaddq lo0, lo0, hi2;
            vpaddq lo0, lo0, x;
            vpsrlq x, lo0, 44;
            vpand s0, lo0, mask44;
            vpaddq s1, lo1, x;
        }
    };
}

/// The streams as limbs of 26 bits.
macro_rules! to_limbs_26 {
    () => {
        zmm! {
            // The second limb may be above 44 bits: into the third one.
            vpsrlq y, s1, 44;
            vpand s1, s1, mask44;
            vpaddq s2, s2, y;
            low_bits!(zmm mask, 38);
            vpand h0, s0, mask;
            vpsrlq h1, s0, 26;
            vpsllq y, s1, 18;
            vpor h1, h1, y;
            vpand h1, h1, mask;
            vpsrlq h2, s1, 8;
            vpand h2, h2, mask;
            vpsrlq h3, s1, 34;
            vpsllq y, s2, 10;
            vpor h3, h3, y;
            vpand h3, h3, mask;
            vpsrlq h4, s2, 16;
        }
    };
}

/// Bytes from which on it pays to have more than half of the powers.
const DEEP: usize = 3072;

/// The memory for a long run, with the limbs of `depth` powers in it.
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
        let mut low = state.low_powers(powers);
        // SAFETY: By this function's requirement.
        unsafe { fill_rows(guard, &mut long.lanes, &low.words()) };
        let high = low.high_powers();
        let [low_half, high_half] = long.rows_44();
        low_half.write(high.map(|power| limbs_44(&power)));
        if depth == DEPTH_44 {
            let higher = higher_powers(&high);
            high_half.write(higher.map(|power| limbs_44(&power)));
        }
    }
    long
}

/// Absorbs groups of four blocks in a long run.
///
/// # Safety
///
/// The CPU must have AVX2, AVX-512F and AVX-512 IFMA, and there must be at least four groups.
#[inline(never)]
pub(crate) unsafe fn long(
    guard: &Guard,
    state: &mut State,
    workspace: &mut Workspace<'_>,
    groups: &[u8],
) {
    // If they are kept, from a call before or for one after, it is all of them.
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
    // SAFETY: The CPU has AVX2, AVX-512F and AVX-512 IFMA by this function's requirement, and by
    // `guard` its registers may be used. The block reads `groups`, as `run` cuts them, and reads
    // and writes `long`, which is prepared; its registers are declared. `run.first` is at most
    // `depth`, so that all addresses are inside the entries of powers.
    unsafe {
        asm!(
            zmm! {
                vmovq (xmm s0), ("{h0}");
                vmovq (xmm s1), ("{h1}");
                vmovq (xmm s2), ("{h2}");
            },
            low_bits!(zmm mask44, 20),
            low_bits!(zmm bit128_44, 63),
            zmm! { vpsllq bit128_44, bit128_44, 40; },
            "2:",
            "mov {row}, {top}",
            clear!(lo0 lo1 lo2 hi0 hi1 hi2 lo3 lo4 lo5 hi3 hi4 hi5),
            load_blocks!(),
            zmm! {
                vpaddq b0, b0, s0;
                vpaddq b1, b1, s1;
                vpaddq b2, b2, s2;
            },
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
            finish_streams!(),
            h = const offset_of!(Lanes, h),
            streams = const offset_of!(Long, streams),
            words = const offset_of!(Long, words),
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
