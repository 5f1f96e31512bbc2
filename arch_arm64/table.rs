// SPDX-License-Identifier: GPL-2.0

//! The table of powers for `neon.rs`, and the memory it is in.
//!
//! `entries[i][k - 1][w]` is limb `i`, of 26 bits, of `2^(32 w) r^k`. Four powers are computed at
//! once, one in each 32-bit lane: `r` to `r^4` from their words, and `r^5` to `r^8` as products of
//! these with `r^4`, which is in the last lanes. `above` is 2^128 times powers: 5/4 of them.
//!
//! | registers | what they hold, for limbs 0 to 4 |
//! |---|---|
//! | `a`, `b`, `c`, `d` | entries of `r` to `r^4` for words 0, 1, 2 and 3 |
//! | `e`, `f`, `g`, `h` | the same for `r^5` to `r^8` |
//! | `e`, `o` | before that: products in 64-bit lanes, for two powers each |
//! | `five_a`, `sum` | five times `a`; and sums over powers |
//! | `mask`, `wide_mask`, `five` | 2^26 - 1 in 32-bit and in 64-bit lanes; 5 |
//!
//! Peak: a limb of a product is five products of limbs, up to four of them times five: below 2^57.
//! Entries are below 2^26 + 2^9, and the last limb of a power below 5 * 2^24.

use core::arch::asm;
use core::mem::{align_of, offset_of, size_of, MaybeUninit};

use super::steps::{clear, insn, multiply, registers};
use crate::fpu::Guard;
use crate::generic::{Scratch, State, Workspace, LIMBS, SCRATCH_WORDS};

registers! {
    a0 0, a1 4, a2 8, a3 12, a4 16,
    b0 1, b1 5, b2 9, b3 13, b4 17,
    c0 2, c1 6, c2 10, c3 14, c4 18,
    d0 3, d1 7, d2 11, d3 15, d4 19,

    e0 2, e1 6, e2 10, e3 14, e4 18,
    f0 3, f1 7, f2 11, f3 15, f4 19,
    g0 4, g1 8, g2 12, g3 16, g4 20,
    h0 5, h1 9, h2 13, h3 17, h4 21,

    o0 1, o1 3, o2 5, o3 7, o4 9,
    word0 20, word1 21, word2 22, word3 23, word4 24,
    five_a1 20, five_a2 21, five_a3 22, five_a4 23,
    sum0 22, sum1 23, sum2 24, sum3 25, sum4 26,
    // Of what is above: before and after the multiplication by 5/4.
    part0 0, part1 4, part2 26,
    above0 22, above1 23, above2 24,
    // Of one step.
    t 28, u 27, e_over 24, o_over 25,

    wide_mask 29, five 30, mask 31,
}

/// Powers in the table, and blocks in a batch.
pub(super) const DEPTH: usize = 8;

/// What the loop reads.
#[repr(C, align(16))]
pub(crate) struct Table {
    /// For each limb and each power `r` to `r^8`: what the four words are multiplied by. Below
    /// 2^26 + 2^9, and the last limb of a power, for word 0, below 5 * 2^24.
    entries: MaybeUninit<[[[u32; 4]; DEPTH]; LIMBS]>,
    /// In parts that count 1, 2^52 and 2^104, below 2^56, 2^56 and 2^30: the sum of `2^128 r^k`
    /// over all powers, which is what the bits above all blocks come to, and `2^128 r^8`.
    pub(super) above: MaybeUninit<[[u64; 2]; 3]>,
    /// The low words of `r`, `r^2`, `r^3` and `r^4`, and then the high ones.
    low: MaybeUninit<[[u64; 2]; 4]>,
    high: MaybeUninit<[u32; 4]>,
}

const _: () = {
    assert!(size_of::<Table>() <= size_of::<[u64; SCRATCH_WORDS]>());
    assert!(align_of::<Table>() <= align_of::<Scratch>());
    assert!(offset_of!(Scratch, memory) % align_of::<Table>() == 0);
    // Where the code below and the loop find the parts.
    assert!(offset_of!(Table, entries) == 0);
    assert!(offset_of!(Table, above) == 640);
    assert!(offset_of!(Table, low) == 688);
    assert!(offset_of!(Table, high) == 752);
    // What `wipe_table!` goes by.
    assert!(size_of::<Table>() == 24 * 32);
};

/// Wipes the table.
macro_rules! wipe_table {
    () => { concat! {
        clear!(0),
        wipe_table!(@at 0 32 64 96 128 160 192 224 256 288 320 352),
        wipe_table!(@at 384 416 448 480 512 544 576 608 640 672 704 736),
    } };
    (@at $($at:literal)*) => { concat!($("stp q0, q0, [{table}, #", $at, "]\n",)*) };
}

/// `n = 2^32 a`, for limbs of four powers: up by one limb, and by 6 bits. What goes beyond the last
/// limb comes in five times at the first one.
macro_rules! next_word {
    ($a0:ident $a1:ident $a2:ident $a3:ident $a4:ident =>
     $n0:ident $n1:ident $n2:ident $n3:ident $n4:ident) => {
        concat! {
            // The low 20 bits of a limb, shifted by 6.
            insn!(shl.4s $n0, $a4, #12),
            insn!(shl.4s $n1, $a0, #12),
            insn!(shl.4s $n2, $a1, #12),
            insn!(shl.4s $n3, $a2, #12),
            insn!(shl.4s $n4, $a3, #12),
            insn!(ushr.4s t, $a4, #20),
            insn!(ushr.4s $n0, $n0, #6),
            insn!(ushr.4s $n1, $n1, #6),
            insn!(ushr.4s $n2, $n2, #6),
            insn!(ushr.4s $n3, $n3, #6),
            insn!(ushr.4s $n4, $n4, #6),
            // The bits above them, from two limbs below.
            insn!(usra.4s $n0, $a3, #20),
            insn!(mla.4s $n1, t, five),
            insn!(usra.4s $n2, $a0, #20),
            insn!(mul.4s $n0, $n0, five),
            insn!(usra.4s $n3, $a1, #20),
            insn!(usra.4s $n4, $a2, #20),
            // The first limb is not below 2^26 any more.
            insn!(usra.4s $n1, $n0, #26),
            insn!(and.16b $n0, $n0, mask),
        }
    };
}

/// Writes the entries of four powers for a limb, and goes on to the next limb.
macro_rules! put_entries {
    ($a:ident $b:ident $c:ident $d:ident) => {
        insn!(st4 {$a.4s, $b.4s, $c.4s, $d.4s}, [to], step)
    };
}

/// Products of a limb of four powers, `a`, with limbs of `r^4`, which are the last lanes of `b`:
/// in `e` for the first two powers, and in `o` for the others.
macro_rules! multiply_limb {
    ($op:tt $a:ident * $b0:ident $b1:ident $b2:ident $b3:ident $b4:ident) => {
        concat! {
            multiply!(e0, o0 $op $a * $b0.s[3]),
            multiply!(e1, o1 $op $a * $b1.s[3]),
            multiply!(e2, o2 $op $a * $b2.s[3]),
            multiply!(e3, o3 $op $a * $b3.s[3]),
            multiply!(e4, o4 $op $a * $b4.s[3]),
        }
    };
}

/// Carries in 64-bit lanes, from the first limb and from the fourth at once, as far as is needed
/// for limbs to fit 32 bits. The last limb comes around five times. What the first and the third
/// limb still have above their 26 bits is in the next ones, too.
macro_rules! carry_products {
    () => {
        concat! {
            insn!(usra.2d e4, e3, #26),
            insn!(usra.2d o4, o3, #26),
            insn!(usra.2d e1, e0, #26),
            insn!(usra.2d o1, o0, #26),
            insn!(and.16b e3, e3, wide_mask),
            insn!(and.16b o3, o3, wide_mask),
            insn!(and.16b e0, e0, wide_mask),
            insn!(and.16b o0, o0, wide_mask),
            insn!(ushr.2d e_over, e4, #26),
            insn!(ushr.2d o_over, o4, #26),
            insn!(and.16b e4, e4, wide_mask),
            insn!(and.16b o4, o4, wide_mask),
            insn!(add.2d e0, e0, e_over),
            insn!(add.2d o0, o0, o_over),
            insn!(shl.2d e_over, e_over, #2),
            insn!(shl.2d o_over, o_over, #2),
            insn!(add.2d e0, e0, e_over),
            insn!(add.2d o0, o0, o_over),
            insn!(usra.2d e2, e1, #26),
            insn!(usra.2d o2, o1, #26),
            insn!(and.16b e1, e1, wide_mask),
            insn!(and.16b o1, o1, wide_mask),
            insn!(usra.2d e3, e2, #26),
            insn!(usra.2d o3, o2, #26),
            insn!(usra.2d e1, e0, #26),
            insn!(usra.2d o1, o0, #26),
        }
    };
}

/// The products as limbs of four powers in `e`: below 2^26, but for the second and the last one,
/// which are below 2^26 + 2^6.
macro_rules! narrow_products {
    () => {
        concat! {
            insn!(uzp1.4s e0, e0, o0),
            insn!(uzp1.4s e1, e1, o1),
            insn!(uzp1.4s e2, e2, o2),
            insn!(uzp1.4s e3, e3, o3),
            insn!(uzp1.4s e4, e4, o4),
            insn!(and.16b e0, e0, mask),
            insn!(and.16b e2, e2, mask),
            insn!(usra.4s e4, e3, #26),
            insn!(and.16b e3, e3, mask),
        }
    };
}

/// For a limb, the sum over all powers and that of `r^8`, as two lanes of one register.
macro_rules! sum_powers {
    ($sum:ident = $a:ident $e:ident) => {
        concat! {
            insn!(add.4s $a, $a, $e),
            insn!(uaddlv d($a), $a.4s),
            insn!(ushll2 $sum.2d, $e.4s, #0),
            insn!(mov $sum.d[0], $a.d[0]),
        }
    };
}

/// `to = 5 (a >> 2) + 5 2^50 (the low two bits of b)`, where `b` counts 2^52 times as much as `a`.
macro_rules! five_quarters {
    ($to:ident = $a:ident $b:ident) => {
        concat! {
            insn!(ushr.2d $to, $a, #2),
            insn!(shl.2d u, $b, #62),
            insn!(usra.2d $to, u, #12),
            insn!(shl.2d t, $to, #2),
            insn!(add.2d $to, $to, t),
        }
    };
}

/// Multiplies sums by 2^128, which is 5/4, and writes parts that count 1, 2^52 and 2^104. What the
/// division by four leaves of the first part is `2^128` times as much, and goes to the last one.
macro_rules! put_above {
    () => {
        concat! {
            insn!(shl.2d sum1, sum1, #26),
            insn!(shl.2d sum3, sum3, #26),
            insn!(add.2d part0, sum0, sum1),
            insn!(add.2d part1, sum2, sum3),
            five_quarters!(above0 = part0 part1),
            five_quarters!(above1 = part1 part2),
            insn!(ushr.2d above2, part2, #2),
            insn!(shl.2d t, above2, #2),
            insn!(add.2d above2, above2, t),
            insn!(shl.2d u, part0, #62),
            insn!(usra.2d above2, u, #38),
            insn!(stp q(above0), q(above1), [table, #640]),
            insn!(str q(above2), [table, #672]),
        }
    };
}

/// What [`Scratch`] holds when the table is in it.
const CACHED: u64 = 8;

/// The memory for a call, with the table in it.
///
/// # Safety
///
/// The CPU must have Advanced SIMD.
#[inline(always)]
pub(super) unsafe fn prepare<'a>(
    guard: &Guard,
    state: &State,
    workspace: &'a mut Workspace<'_>,
) -> &'a mut Table {
    let has_table = workspace.scratch.claim(CACHED);
    // SAFETY: It is large enough and aligned, as asserted above. None of the structure has to be
    // initialized.
    let table: &mut Table = unsafe { &mut *workspace.scratch.memory.as_mut_ptr().cast() };
    if !has_table {
        let powers = state.low_powers(workspace.powers).words();
        table.low.write(powers.map(|[low, high, _]| [low, high]));
        table.high.write(powers.map(|[_, _, top]| top as u32));
        // SAFETY: By this function's requirement, and the powers are there.
        unsafe { fill(guard, table) };
    }
    table
}

/// Fills the table from the powers in it.
///
/// # Safety
///
/// The CPU must have Advanced SIMD, and `low` and `high` must be there.
#[inline(always)]
unsafe fn fill(_: &Guard, table: &mut Table) {
    let table: *mut Table = table;
    // SAFETY: The CPU has Advanced SIMD by this function's requirement, and its registers may be
    // used by the section. The block reads the powers, and writes entries and what is above; its
    // registers are declared.
    unsafe {
        asm!(
            ".arch_extension simd",
            // The 32-bit words of four powers, word by word.
            "add {to}, {table}, #688",
            insn!(ld4 {word0.4s, word1.4s, word2.4s, word3.4s}, [to]),
            insn!(ldr q(word4), [table, #752]),
            insn!(mvni.4s mask, #0xfc, lsl #24),
            insn!(movi.4s five, #5),
            insn!(ushll wide_mask.2d, mask.2s, #0),
            "mov {step}, #128",
            "mov {to}, {table}",
            // Their limbs.
            insn!(and.16b a0, word0, mask),
            insn!(ushr.4s a1, word0, #26),
            insn!(sli.4s a1, word1, #6),
            insn!(and.16b a1, a1, mask),
            insn!(ushr.4s a2, word1, #20),
            insn!(sli.4s a2, word2, #12),
            insn!(and.16b a2, a2, mask),
            insn!(ushr.4s a3, word2, #14),
            insn!(sli.4s a3, word3, #18),
            insn!(and.16b a3, a3, mask),
            insn!(ushr.4s a4, word3, #8),
            insn!(sli.4s a4, word4, #24),
            next_word!(a0 a1 a2 a3 a4 => b0 b1 b2 b3 b4),
            next_word!(b0 b1 b2 b3 b4 => c0 c1 c2 c3 c4),
            next_word!(c0 c1 c2 c3 c4 => d0 d1 d2 d3 d4),
            put_entries!(a0 b0 c0 d0),
            put_entries!(a1 b1 c1 d1),
            put_entries!(a2 b2 c2 d2),
            put_entries!(a3 b3 c3 d3),
            put_entries!(a4 b4 c4 d4),
            // All four, times r^4.
            insn!(mul.4s five_a1, a1, five),
            insn!(mul.4s five_a2, a2, five),
            insn!(mul.4s five_a3, a3, five),
            insn!(mul.4s five_a4, a4, five),
            multiply_limb!(= a0 * a0 a1 a2 a3 a4),
            multiply_limb!(+= a1 * five_a4 a0 a1 a2 a3),
            multiply_limb!(+= a2 * five_a3 five_a4 a0 a1 a2),
            multiply_limb!(+= a3 * five_a2 five_a3 five_a4 a0 a1),
            multiply_limb!(+= a4 * five_a1 five_a2 five_a3 five_a4 a0),
            carry_products!(),
            narrow_products!(),
            sum_powers!(sum0 = a0 e0),
            sum_powers!(sum1 = a1 e1),
            sum_powers!(sum2 = a2 e2),
            sum_powers!(sum3 = a3 e3),
            sum_powers!(sum4 = a4 e4),
            put_above!(),
            "add {to}, {table}, #64",
            next_word!(e0 e1 e2 e3 e4 => f0 f1 f2 f3 f4),
            next_word!(f0 f1 f2 f3 f4 => g0 g1 g2 g3 g4),
            next_word!(g0 g1 g2 g3 g4 => h0 h1 h2 h3 h4),
            put_entries!(e0 f0 g0 h0),
            put_entries!(e1 f1 g1 h1),
            put_entries!(e2 f2 g2 h2),
            put_entries!(e3 f3 g3 h3),
            put_entries!(e4 f4 g4 h4),
            // The registers that the loop does not use.
            clear!(8 9 10 11 12 13 14 15),
            table = in(reg) table,
            to = out(reg) _,
            step = out(reg) _,
            out("v0") _, out("v1") _, out("v2") _, out("v3") _, out("v4") _, out("v5") _,
            out("v6") _, out("v7") _, out("v8") _, out("v9") _, out("v10") _, out("v11") _,
            out("v12") _, out("v13") _, out("v14") _, out("v15") _, out("v16") _, out("v17") _,
            out("v18") _, out("v19") _, out("v20") _, out("v21") _, out("v22") _, out("v23") _,
            out("v24") _, out("v25") _, out("v26") _, out("v27") _, out("v28") _, out("v29") _,
            out("v30") _, out("v31") _,
            options(nostack),
        );
    }
}

pub(super) use wipe_table;
