// SPDX-License-Identifier: GPL-2.0

//! AVX2: four blocks at a time in short runs, and eight in long ones.
//!
//! The blocks of a short run are four streams, of which each has every fourth block. A stream is
//! evaluated in `r^4`; at the last four blocks, lane by lane, in `r^4`, `r^2`, `r^3` and `r`, which
//! makes the streams one sum. (Several blocks at a time by powers of `r`: Goll and Gueron,
//! "Vectorization of Poly1305 message authentication code", ITNG 2015.) A round is
//!
//!     h = ((h + m) r^8 + m' r^4) mod 2^130 - 5    for two groups m and m' of four blocks,
//!
//! with limbs of 26 bits: limb i of a product is the sum of the m[j] r[i-j] and the 5 m[j] r[i-j+5].
//! Sums are below 2^57.9, those of the last group below 2^59.4.
//!
//! A long run is eight streams, evaluated in `R = r^8`. A batch of up to eight times eight blocks is
//!
//!     h = (h R^8 + m1 R^8 + m2 R^7 + ... + m8 R) mod 2^130 - 5,
//!
//! where the blocks are taken as they are, in words of 32 bits, with the multiples in `table.rs`.
//! Sums are below 2^63.36.

use core::arch::asm;
use core::mem::{offset_of, size_of};

use super::long_run::{finish_streams, Run, GROUP};
use super::scratch::{lanes_of, BatchStart, Lanes, Long, DEPTH};
use super::steps::{
    self, add_streams, carry_limbs, constants, finish_lanes, load_group, low_bits, multiply_group,
    registers, wipe, ymm,
};
use super::table::{self, fill_rows};
use crate::fpu::Guard;
use crate::generic::{State, Workspace};

registers! {
    // The streams, or the sums that will be them: in long runs those of the blocks 0 to 3.
    h0 0, h1 1, h2 2, h3 3, h4 4,
    // A group of four blocks; and in batches of long runs the sums of the blocks 4 to 7.
    m0 5, m1 6, m2 7, m3 8, m4 9,
    g0 5, g1 6, g2 7, g3 8, g4 9,
    // A limb of a power, and five times one; in batches a word of the blocks 0 to 3 and of 4 to 7.
    s 10, r 11,
    x 10, y 11,
    // Products and carries.
    t 12, u 13, v 14, w 15,
    bit128 14, mask 15,
}

/// Absorbs groups of four blocks in a short run.
///
/// # Safety
///
/// The CPU must have AVX2, and there must be at least two groups.
#[inline(never)]
pub(crate) unsafe fn short(
    guard: &Guard,
    state: &mut State,
    workspace: &mut Workspace<'_>,
    groups: &[u8],
) {
    let lanes = lanes_of(workspace.scratch);
    // Before the last one. Two of them share a carry.
    let count = (groups.len() / GROUP).wrapping_sub(1);
    let mut low = state.low_powers(workspace.powers);
    let r8 = low.middle_power();
    // SAFETY: The CPU has AVX2 by this function's requirement, and the rows are filled then.
    unsafe {
        fill_rows(guard, lanes, &low.words());
        lanes.put_above(&r8);
    }
    lanes.h.write(state.limbs());
    // SAFETY: The CPU has AVX2 by this function's requirement, and by `guard` its registers may be
    // used. The block reads `groups`, `count + 1` and more than one, and reads and writes `lanes`,
    // whose rows are filled, with `r^8` above them; its registers are declared.
    unsafe {
        asm!(
            ymm! {
                vmovq (xmm h0), ["{lanes} + {h}"];
                vmovq (xmm h1), ["{lanes} + {h} + 8"];
                vmovq (xmm h2), ["{lanes} + {h} + 16"];
                vmovq (xmm h3), ["{lanes} + {h} + 24"];
                vmovq (xmm h4), ["{lanes} + {h} + 32"];
            },
            constants!(),
            "mov {row}, {lanes}",
            // The first group of a pair is multiplied by r^8, and one alone by r^4.
            "test {count:l}, 1",
            "jnz 2f",
            "add {row}, 4",
            ".p2align 6",
            "2:",
            load_group!(),
            add_streams!(),
            multiply_group!(=),
            "dec {count}",
            "cmp {row}, {lanes}",
            "je 4f",
            "mov {row}, {lanes}",
            load_group!(),
            multiply_group!(+=),
            "dec {count}",
            "4:",
            carry_limbs!(h0 h1 h2 h3 h4, t u),
            "lea {row}, [{lanes} + 4]",
            "test {count}, {count}",
            "jnz 2b",
            finish_lanes!(),
            // The rows and the words.
            ymm! { vpxor h0, h0, h0; },
            wipe!(h0, "{lanes}": 0 1 2 3 4 5 6 7 8 9 10 11),
            "vzeroupper",
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

/// Puts limbs of the streams in memory: limb `i` of the blocks 0 to 3 at `2i`, and that of the blocks
/// 4 to 7 at `2i + 1`.
macro_rules! put_streams {
    ($($at:literal $h:ident),*) => {
        ymm! {
            $(vmovdqu ["{table} + {streams} + 32*" $at], $h;)*
        }
    };
}

/// Half of the words of eight blocks: 0 and 1 by `vpunpcklqdq`, 2 and 3 by `vpunpckhqdq`.
macro_rules! load_words {
    ($unpack:ident) => {
        ymm! {
            vmovdqu x, ["{data}"];
            $unpack x, x, ["{data} + 32"];
            vmovdqu y, ["{data} + 64"];
            $unpack y, y, ["{data} + 96"];
        }
    };
}

/// The products of one word of all eight blocks with one entry of the table: it is loaded once for
/// both registers.
macro_rules! multiply_entry {
    ($h:ident $g:ident += $word:literal $at:literal, $t:ident $u:ident) => {
        ymm! {
            vpbroadcastd $t, ("dword ptr [{row} + 128*" $word " + " $at "]");
            vpmuludq $u, $t, x;
            vpmuludq $t, $t, y;
            vpaddq $h, $h, $u;
            vpaddq $g, $g, $t;
        }
    };
}

/// Those with the five limbs for this word, of which the last one is elsewhere: see `Table`.
macro_rules! multiply_word {
    ($word:literal, $last:literal) => {
        ymm! {
            multiply_entry!(h0 g0 += $word 0, t u);
            multiply_entry!(h1 g1 += $word 4, v w);
            multiply_entry!(h2 g2 += $word 64, t u);
            multiply_entry!(h3 g3 += $word 68, v w);
            multiply_entry!(h4 g4 += 0 $last, t u);
        }
    };
}

/// Adds the products of limbs of the streams with one limb of a power: `limb sum sum`.
macro_rules! multiply_streams {
    ($from:literal: $($i:literal $h:ident $g:ident),*) => {
        ymm! {
            vpbroadcastd x, ("dword ptr [" $from "]");
            $(
                vpmuludq t, x, ["{table} + {streams} + 64*" $i];
                vpmuludq u, x, ["{table} + {streams} + 64*" $i " + 32"];
                vpaddq $h, $h, t;
                vpaddq $g, $g, u;
            )*
        }
    };
}

/// Absorbs groups of four blocks in a long run.
///
/// # Safety
///
/// The CPU must have AVX2, and there must be at least four groups.
#[inline(never)]
pub(crate) unsafe fn long(
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
    // SAFETY: The CPU has AVX2 by this function's requirement, and by `guard` its registers may be
    // used. The block reads `groups`, as `run` cuts them, and reads and writes `long`, which is
    // prepared; its registers are declared. `run.first` is at most `DEPTH`, so that all addresses
    // are inside the table.
    unsafe {
        asm!(
            // The first eight blocks are the streams, with the accumulator in the first one: the
            // batch multiplies streams anyway, so that these need not be multiplied word by word.
            constants!(),
            load_group!(),
            ymm! {
                vmovq (xmm h0), ["{lanes} + {h}"];
                vpaddq m0, m0, h0;
                vmovq (xmm h0), ["{lanes} + {h} + 8"];
                vpaddq m1, m1, h0;
                vmovq (xmm h0), ["{lanes} + {h} + 16"];
                vpaddq m2, m2, h0;
                vmovq (xmm h0), ["{lanes} + {h} + 24"];
                vpaddq m3, m3, h0;
                vmovq (xmm h0), ["{lanes} + {h} + 32"];
                vpaddq m4, m4, h0;
            },
            put_streams!(0 m0, 2 m1, 4 m2, 6 m3, 8 m4),
            load_group!(),
            put_streams!(1 m0, 3 m1, 5 m2, 7 m3, 9 m4),
            "mov {row}, {top}",
            "sub {row}, 8",
            "2:",
            // A batch. The sums begin with the bits above the blocks.
            ymm! {
                vpbroadcastq h0, ("qword ptr [{begin}]");
                vmovdqa g0, h0;
                vpbroadcastq h1, ("qword ptr [{begin} + 8]");
                vmovdqa g1, h1;
                vpbroadcastq h2, ("qword ptr [{begin} + 16]");
                vmovdqa g2, h2;
                vpbroadcastq h3, ("qword ptr [{begin} + 24]");
                vmovdqa g3, h3;
                vpbroadcastq h4, ("qword ptr [{begin} + 32]");
                vmovdqa g4, h4;
            },
            "cmp {row}, {table}",
            "jb 4f",
            ".p2align 6",
            "3:",
            // Eight blocks by the power that row points to. What is above a word does not matter.
            load_words!(vpunpcklqdq),
            multiply_word!(0, 512),
            ymm! {
                vpsrlq x, x, 32;
                vpsrlq y, y, 32;
            },
            multiply_word!(1, 516),
            load_words!(vpunpckhqdq),
            multiply_word!(2, 576),
            ymm! {
                vpsrlq x, x, 32;
                vpsrlq y, y, 32;
            },
            multiply_word!(3, 580),
            "add {data}, 128",
            "sub {row}, 8",
            "cmp {row}, {table}",
            "jae 3b",
            "4:",
            // The streams by the power that the first blocks were multiplied by: its limbs are the
            // entries for word 0, and five times its last four limbs are in `BatchStart`.
            multiply_streams!("{top}": 0 h0 g0, 1 h1 g1, 2 h2 g2, 3 h3 g3, 4 h4 g4),
            multiply_streams!("{top} + 4": 0 h1 g1, 1 h2 g2, 2 h3 g3, 3 h4 g4),
            multiply_streams!("{top} + 64": 0 h2 g2, 1 h3 g3, 2 h4 g4),
            multiply_streams!("{top} + 68": 0 h3 g3, 1 h4 g4),
            multiply_streams!("{top} + 512": 0 h4 g4),
            multiply_streams!("{begin} + 40": 4 h0 g0),
            multiply_streams!("{begin} + 44": 3 h0 g0, 4 h1 g1),
            multiply_streams!("{begin} + 48": 2 h0 g0, 3 h1 g1, 4 h2 g2),
            multiply_streams!("{begin} + 52": 1 h0 g0, 2 h1 g1, 3 h2 g2, 4 h3 g3),
            low_bits!(ymm mask, 38),
            carry_limbs!(h0 h1 h2 h3 h4, s r),
            carry_limbs!(g0 g1 g2 g3 g4, t u),
            put_streams!(0 h0, 1 g0, 2 h1, 3 g1, 4 h2, 5 g2, 6 h3, 7 g3, 8 h4, 9 g4),
            "lea {begin}, [{table} + {again}]",
            "lea {top}, [{table} + 56]",
            "mov {row}, {top}",
            "dec {batches}",
            "jnz 2b",
            finish_streams!(),
            "vzeroupper",
            h = const offset_of!(Lanes, h),
            streams = const offset_of!(Long, streams),
            words = const offset_of!(Long, words),
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
