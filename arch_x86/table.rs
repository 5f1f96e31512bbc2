// SPDX-License-Identifier: GPL-2.0

//! The multiples of powers of `r` that AVX2 code multiplies by, made with AVX2.
//!
//! Four powers at a time, one in each lane, from three words to five limbs of 26 bits. Short runs
//! take the rows: the limbs, and five times each but the first one.
//!
//! Long runs take the table: a block is used as it is, in four words of 32 bits, so that no word has
//! to be taken apart, and nothing of a group has to be carried. For a power `R` the table has the
//! limbs of `2^(32i) R` for each word `i`: below `2^26 + 2^15`, but for the last one of `R` itself,
//! which is below `5 * 2^24`. `fill()` makes `R^5` to `R^8` as `R` to `R^4` times `R^4`.

use core::arch::asm;
use core::mem::offset_of;

use super::scratch::{long_of, Lanes, Long, DEPTH};
use super::steps::{self, carry_limbs, five, low_bits, registers, split, ymm};
use crate::fpu::Guard;
use crate::generic::{multiply_powers, State, Workspace};

/// Four words that were written one by one, in one register: as one load it would have to wait
/// until they all are in the cache.
macro_rules! gather {
    ($to:ident, $i:literal, $t:ident) => {
        ymm! {
            vmovq (xmm $to), ["{lanes} + {words} + 32*" $i];
            vpinsrq (xmm $to), (xmm $to), ["{lanes} + {words} + 32*" $i " + 8"], 1;
            vmovq (xmm $t), ["{lanes} + {words} + 32*" $i " + 16"];
            vpinsrq (xmm $t), (xmm $t), ["{lanes} + {words} + 32*" $i " + 24"], 1;
            vinserti128 $to, $to, (xmm $t), 1;
        }
    };
}

/// A limb of the powers as an entry of the rows, and five times it as another one.
macro_rules! put_row {
    ($limb:ident, $e:literal) => {
        ymm! {
            vmovdqu ["{lanes} + 32*" $e], $limb;
            five!(w0 = $limb);
            vmovdqu ["{lanes} + 32*(4 + " $e ")"], w0;
        }
    };
}

/// Fills the rows of the first four powers.
///
/// # Safety
///
/// The CPU must have AVX2.
#[inline(always)]
pub(super) unsafe fn fill_rows(_: &Guard, lanes: &mut Lanes, powers: &[[u64; 3]; 4]) {
    registers! { w0 0, w1 1, w2 2, l0 3, l1 4, l2 5, l3 6, l4 7, t 8, mask 15 }
    let [r, r2, r3, r4] = powers;
    let words = [0, 1, 2].map(|i| [r4[i], r2[i], r3[i], r[i]]);
    lanes.words.write(words);
    // SAFETY: The CPU has AVX2 by this function's requirement, and by the `Guard` its registers may
    // be used. The block reads the words and writes the rows; its registers are declared.
    unsafe {
        asm!(
            low_bits!(ymm mask, 38),
            gather!(w0, 0, t),
            gather!(w1, 1, t),
            gather!(w2, 2, t),
            split!(w0 w1 w2 << 24 => l0 l1 l2 l3 l4, t),
            ymm! { vmovdqu ["{lanes}"], l0; },
            put_row!(l1, 1),
            put_row!(l2, 2),
            put_row!(l3, 3),
            put_row!(l4, 4),
            "vzeroupper",
            words = const offset_of!(Lanes, words),
            lanes = in(reg) &raw mut *lanes,
            out("ymm0") _, out("ymm1") _, out("ymm2") _, out("ymm3") _, out("ymm4") _,
            out("ymm5") _, out("ymm6") _, out("ymm7") _, out("ymm8") _, out("ymm15") _,
            options(nostack),
        );
    }
}

/// `l` = a limb of the power in the last lane, in all lanes, `f = 5 l`, and then `y += x l` or
/// `y += x f` for each `y x l t`.
macro_rules! multiply_limb {
    ($limb:ident: $($y:ident $x:ident $l:ident $t:ident),*) => {
        ymm! {
            vpermq l, $limb, 0xff;
            five!(f = l);
            $(
                vpmuludq $t, $x, $l;
                vpaddq $y, $y, $t;
            )*
        }
    };
}

/// `y` = all four powers `x` times the one in the last lane.
macro_rules! times_last {
    () => {
        ymm! {
            vpermq l, x0, 0xff;
            vpmuludq y0, x0, l;
            vpmuludq y1, x1, l;
            vpmuludq y2, x2, l;
            vpmuludq y3, x3, l;
            vpmuludq y4, x4, l;
            multiply_limb!(x1: y1 x0 l t, y2 x1 l u, y3 x2 l t, y4 x3 l u, y0 x4 f t);
            multiply_limb!(x2: y2 x0 l t, y3 x1 l u, y4 x2 l t, y0 x3 f u, y1 x4 f t);
            multiply_limb!(x3: y3 x0 l t, y4 x1 l u, y0 x2 f t, y1 x3 f u, y2 x4 f t);
            multiply_limb!(x4: y4 x0 l t, y0 x1 f u, y1 x2 f t, y2 x3 f u, y3 x4 f t);
            carry_limbs!(y0 y1 y2 y3 y4, l f);
        }
    };
}

/// A pair of entries of four powers.
macro_rules! put_pair {
    ($pair:literal, $low:ident, $high:ident) => {
        ymm! {
            vpsllq q, $high, 32;
            vpor q, q, $low;
            vmovdqu ["{table} + 64*" $pair], q;
        }
    };
}

/// `to = (low 20 bits of x) 2^6 + up`: what of a limb stays below 2^26 when it is shifted by 6 bits,
/// and what comes up from below.
macro_rules! shift_limb {
    ($to:ident, $x:ident, $up:ident) => {
        ymm! {
            vpsllq $to, $x, 6;
            vpand $to, $to, mask;
            vpaddq $to, $to, $up;
        }
    };
}

/// Multiplies the limbs `x` by 2^32: by one limb, and by 6 bits. They are below 2^26.4 before, and
/// below 2^26 + 2^10 after.
macro_rules! shift_32 {
    () => {
        ymm! {
            // What goes up by two limbs.
            vpsrlq y0, x0, 20;
            vpsrlq y1, x1, 20;
            vpsrlq y2, x2, 20;
            vpsrlq y3, x3, 20;
            vpsrlq y4, x4, 20;
            five!(q = y4);
            // By one: the last one comes in five times below.
            shift_limb!(l, x4, y3);
            five!(f = l);
            shift_limb!(x4, x3, y2);
            shift_limb!(x3, x2, y1);
            shift_limb!(x2, x1, y0);
            shift_limb!(x1, x0, q);
            vpsrlq y0, f, 26;
            vpand x0, f, mask;
            vpaddq x1, x1, y0;
        }
    };
}

/// The entries of the four powers whose limbs are `x`: see `Table`.
macro_rules! put_powers {
    () => {
        ymm! {
            put_pair!(0, x0, x1);
            put_pair!(1, x2, x3);
            vmovdqa last, x4;
            shift_32!();
            put_pair!(2, x0, x1);
            put_pair!(3, x2, x3);
            put_pair!(8, last, x4);
            shift_32!();
            put_pair!(4, x0, x1);
            put_pair!(5, x2, x3);
            vmovdqa last, x4;
            shift_32!();
            put_pair!(6, x0, x1);
            put_pair!(7, x2, x3);
            put_pair!(9, last, x4);
        }
    };
}

/// Fills the table with the powers of `R`.
///
/// # Safety
///
/// The CPU must have AVX2.
#[inline(always)]
unsafe fn fill(_: &Guard, long: &mut Long, powers: &[[u64; 3]; 4]) {
    registers! {
        // Four powers.
        x0 0, x1 1, x2 2, x3 3, x4 4,
        // Their products; before that, words; and what is shifted out of limbs.
        y0 5, y1 6, y2 7, y3 8, y4 9,
        w0 0, w1 5, w2 6,
        // A limb of a power, and five times it.
        l 10, f 11,
        t 12, u 13, last 13, q 14, mask 15,
    }
    let [a, b, c, d] = powers;
    long.words
        .write([0, 1, 2].map(|i| [a[i], b[i], c[i], d[i]]));
    const { assert!(DEPTH == 8) };
    // SAFETY: The CPU has AVX2 by this function's requirement, and by the `Guard` its registers may
    // be used. The block reads the words, and writes the table and the streams; its registers are
    // declared.
    unsafe {
        asm!(
            low_bits!(ymm mask, 38),
            gather!(w0, 0, y3),
            gather!(w1, 1, y3),
            gather!(w2, 2, y3),
            split!(w0 w1 w2 << 24 => x0 x1 x2 x3 x4, y3),
            times_last!(),
            ymm! {
                vmovdqu ["{lanes} + {streams}"], y0;
                vmovdqu ["{lanes} + {streams} + 32"], y1;
                vmovdqu ["{lanes} + {streams} + 64"], y2;
                vmovdqu ["{lanes} + {streams} + 96"], y3;
                vmovdqu ["{lanes} + {streams} + 128"], y4;
            },
            put_powers!(),
            ymm! {
                vmovdqu x0, ["{lanes} + {streams}"];
                vmovdqu x1, ["{lanes} + {streams} + 32"];
                vmovdqu x2, ["{lanes} + {streams} + 64"];
                vmovdqu x3, ["{lanes} + {streams} + 96"];
                vmovdqu x4, ["{lanes} + {streams} + 128"];
            },
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

/// What `Scratch::cached` is when the table of `r^8` is in the memory.
const CACHED: u64 = 8;

/// The memory for a long run, with the table in it, prepared for a first batch of `first` times eight
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
        let mut low = state.low_powers(powers);
        // SAFETY: By this function's requirement.
        unsafe { fill_rows(guard, &mut long.lanes, &low.words()) };
        let [r8, r16] = low.high_powers();
        let high = [
            r8,
            r16,
            multiply_powers(&r8, &r16),
            multiply_powers(&r16, &r16),
        ];
        // SAFETY: As above.
        unsafe { fill(guard, long, &high) };
    }
    // SAFETY: The table is filled: just now, or by a call before, as `claim()` says.
    unsafe { long.begin(state, first, !has_table) };
    long
}
