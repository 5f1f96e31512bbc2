// SPDX-License-Identifier: GPL-2.0

//! AVX-512: long runs as in AVX2 (`avx2.rs`), with all eight streams in one register for each limb,
//! and with entries of the table as operands of multiplications. A batch is
//!
//!     h = (h R^8 + m1 R^8 + m2 R^7 + ... + m8 R) mod 2^130 - 5
//!
//! where each `m` is eight blocks and `R = r^8`. Sums are below 2^63.36.
//!
//! The lanes have the blocks 0, 4, 1, 5, 2, 6, 3 and 7.

use core::arch::asm;
use core::mem::{offset_of, size_of};

use super::long_run::{self, finish_streams, part_streams, Run};
use super::scratch::{BatchStart, Lanes, Long, DEPTH};
use super::steps::{self, carry_limbs, constants, registers, split, zmm};
use super::table;
use crate::fpu::Guard;
use crate::generic::{State, Workspace};

registers! {
    // The sums that will be the streams; at the end, the streams of the blocks 0 to 3.
    h0 0, h1 1, h2 2, h3 3, h4 4,
    // The words of eight blocks; at the beginning and the end, limbs of blocks.
    w0 5, w1 6, w2 7, w3 8,
    m0 5, m1 6, m2 7, m3 8, m4 9,
    // Products of two words, or of streams.
    p0 10, p1 11, p2 12, p3 13, p4 14,
    q0 21, q1 22, q2 23, q3 24, q4 25,
    // The streams.
    s0 16, s1 17, s2 18, s3 19, s4 20,
    // As in `avx2.rs`, and where lanes go when the streams are parted.
    s 10, r 11, t 12, u 13, bit128 14, mask 15, order 15,
}

/// `to = a * ` what 32 bits of memory hold, in all lanes: a multiplication does not look at the
/// upper half of the 64 bits that it reads.
macro_rules! multiply {
    ($($to:ident = $a:ident * [$($from:literal)*]),*) => {
        zmm! {
            $(vpmuludq $to, $a, ("qword ptr [" $($from)* "]{{1to8}}");)*
        }
    };
}

/// `to += from` for each limb.
macro_rules! add {
    ($($to:ident += $from:ident),*) => {
        zmm! {
            $(vpaddq $to, $to, $from;)*
        }
    };
}

/// The products of a word of eight blocks with the five limbs for it, of which the last one is
/// elsewhere: see `Table`.
macro_rules! multiply_word {
    ($w:ident: $word:literal $last:literal => $p0:ident $p1:ident $p2:ident $p3:ident $p4:ident) => {
        multiply! {
            $p0 = $w * ["{row} + 128*" $word],
            $p1 = $w * ["{row} + 128*" $word " + 4"],
            $p2 = $w * ["{row} + 128*" $word " + 64"],
            $p3 = $w * ["{row} + 128*" $word " + 68"],
            $p4 = $w * ["{row} + " $last]
        }
    };
}

/// Adds the products of limbs of the streams with one limb of a power: `h += s` times it, by `p`.
macro_rules! multiply_streams {
    ($from:literal: $($s:ident $h:ident $p:ident),*) => {
        zmm! {
            multiply!($($p = $s * [$from]),*);
            add!($($h += $p),*);
        }
    };
}

/// Absorbs groups of four blocks in a long run.
///
/// # Safety
///
/// The CPU must have AVX2 and AVX-512F, and there must be at least four groups.
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
    // SAFETY: The CPU has AVX2 and AVX-512F by this function's requirement, and by `guard` its
    // registers may be used. The block reads `groups`, as `run` cuts them, and reads and writes
    // `long`, which is prepared; its registers are declared. `run.first` is at most `DEPTH`, so
    // that all addresses are inside the table, or the four bytes after it.
    unsafe {
        asm!(
            // The first eight blocks are the streams, as in `avx2.rs`.
            zmm! {
                vmovdqu m4, ["{data}"];
                vpunpcklqdq m0, m4, ["{data} + 64"];
                vpunpckhqdq m4, m4, ["{data} + 64"];
                "add {data}, 128";
                constants!(zmm);
                split!(zmm m0 m4 bit128 => m0 m1 m2 m3 m4, r);
                vmovq (xmm s), ("qword ptr [{lanes} + {h}]");
                vpaddq s0, m0, s;
                vmovq (xmm s), ("qword ptr [{lanes} + {h} + 8]");
                vpaddq s1, m1, s;
                vmovq (xmm s), ("qword ptr [{lanes} + {h} + 16]");
                vpaddq s2, m2, s;
                vmovq (xmm s), ("qword ptr [{lanes} + {h} + 24]");
                vpaddq s3, m3, s;
                vmovq (xmm s), ("qword ptr [{lanes} + {h} + 32]");
                vpaddq s4, m4, s;
            },
            "mov {row}, {top}",
            "sub {row}, 8",
            "2:",
            // A batch. The sums begin with the bits above the blocks.
            zmm! {
                vpbroadcastq h0, ("qword ptr [{begin}]");
                vpbroadcastq h1, ("qword ptr [{begin} + 8]");
                vpbroadcastq h2, ("qword ptr [{begin} + 16]");
                vpbroadcastq h3, ("qword ptr [{begin} + 24]");
                vpbroadcastq h4, ("qword ptr [{begin} + 32]");
            },
            "cmp {row}, {table}",
            "jb 4f",
            "3:",
            // Eight blocks by the power that row points to. What is above a word does not matter.
            // Multiplications first, and then additions: a Zen 4 core, which has two places for the
            // former and four for the latter, takes a fifth longer when they alternate.
            zmm! {
                vmovdqu m4, ["{data}"];
                vpunpcklqdq w0, m4, ["{data} + 64"];
                vpunpckhqdq w2, m4, ["{data} + 64"];
                vpsrlq w1, w0, 32;
                vpsrlq w3, w2, 32;
            },
            multiply_word!(w0: 0 512 => p0 p1 p2 p3 p4),
            multiply_word!(w2: 2 576 => q0 q1 q2 q3 q4),
            add!(h0 += p0, h1 += p1, h2 += p2, h3 += p3, h4 += p4),
            add!(h0 += q0, h1 += q1, h2 += q2, h3 += q3, h4 += q4),
            multiply_word!(w1: 1 516 => p0 p1 p2 p3 p4),
            multiply_word!(w3: 3 580 => q0 q1 q2 q3 q4),
            add!(h0 += p0, h1 += p1, h2 += p2, h3 += p3, h4 += p4),
            add!(h0 += q0, h1 += q1, h2 += q2, h3 += q3, h4 += q4),
            "add {data}, 128",
            "sub {row}, 8",
            "cmp {row}, {table}",
            "jae 3b",
            "4:",
            // The streams by the power that the first blocks were multiplied by, as in `avx2.rs`.
            multiply_streams!("{top}": s0 h0 p0, s1 h1 p1, s2 h2 p2, s3 h3 p3, s4 h4 p4),
            multiply_streams!("{top} + 4": s0 h1 p0, s1 h2 p1, s2 h3 p2, s3 h4 p3),
            multiply_streams!("{top} + 64": s0 h2 p4, s1 h3 p0, s2 h4 p1),
            multiply_streams!("{top} + 68": s0 h3 p2, s1 h4 p3),
            multiply_streams!("{top} + 512": s0 h4 p4),
            multiply_streams!("{begin} + 40": s4 h0 p0),
            multiply_streams!("{begin} + 44": s3 h0 p1, s4 h1 p2),
            multiply_streams!("{begin} + 48": s2 h0 p3, s3 h1 p4, s4 h2 p0),
            multiply_streams!("{begin} + 52": s1 h0 p1, s2 h1 p2, s3 h2 p3, s4 h3 p4),
            carry_limbs!(zmm h0 h1 h2 h3 h4, s r),
            zmm! {
                vmovdqa s0, h0;
                vmovdqa s1, h1;
                vmovdqa s2, h2;
                vmovdqa s3, h3;
                vmovdqa s4, h4;
            },
            "lea {begin}, [{table} + {again}]",
            "lea {top}, [{table} + 56]",
            "mov {row}, {top}",
            "dec {batches}",
            "jnz 2b",
            part_streams!(),
            finish_streams!(),
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
