// SPDX-License-Identifier: GPL-2.0

//! What code for `vpmadd52` has in common: limbs of 44 bits, four or eight blocks at a time.
//!
//! The blocks of a group are streams, which are evaluated in `R`: `r^4` for four blocks, `r^8` for
//! eight. A batch is up to eight groups between two carries:
//!
//!     h = (h R^d + m1 R^(d-1) + ... + m(d-1) R + md) mod 2^130 - 5
//!
//! At the end, powers from `R` down to `r` in the lanes make one sum of the streams. (Several blocks
//! at a time by powers of `r`: Goll and Gueron, "Vectorization of Poly1305 message authentication
//! code", ITNG 2015.)
//!
//! `vpmadd52` adds the low or the high 52 bits of a product to a lane. Low and high halves are kept
//! apart until the carry, where the high ones count `2^(52 - 44) = 2^8` in the next limb; and what
//! comes out above `2^132` counts 20 times below, as `2^132 = 4 * 5`. A carry goes up by one limb
//! only: limbs are below 2^44 + 2^18 then. Sums are below 2^57.
//!
//! The steps are for registers of either width: `zmm`, or `ymm` in the encoding of AVX-512 or, as
//! `vex`, in that of AVX-IFMA.

use core::arch::asm;
use core::mem::{align_of, offset_of, size_of, MaybeUninit};

use super::steps::{self, registers};
use crate::fpu::Guard;
use crate::generic::{limbs_44, multiply_powers, Scratch, SCRATCH_WORDS};

/// The registers, which both encodings have.
macro_rules! registers_44 {
    () => {
        registers! {
            // Sums of low halves and of high ones.
            lo0 0, lo1 1, lo2 2, hi0 3, hi1 4, hi2 5,
            // The streams, and a group.
            h0 6, h1 7, h2 8, m0 9, m1 10, m2 11,
            x 12, y 13, mask 14, bit128 15,
        }
    };
}

registers_44!();

/// Powers of `R`, and the most groups in a batch.
pub(super) const DEPTH: usize = 8;

/// Groups of four blocks after the first one from which on it pays to have four powers.
pub(super) const MIDDLE: usize = 24;

/// The limbs of a power, and twenty times the last two.
pub(super) type Row = [u64; 5];

/// The scratch memory, for groups of `N` blocks.
#[repr(C, align(64))]
pub(super) struct Memory<const N: usize> {
    /// `R`, ..., `r^2`, `r`, one in each lane: limbs, and twenty times the last two.
    pub(super) lanes: MaybeUninit<[[u64; N]; 5]>,
    /// The words of `r` to `r^4`.
    pub(super) words: MaybeUninit<[[u64; 3]; 4]>,
    /// `R`, `R^2`, ... as far as they are needed.
    pub(super) rows: [MaybeUninit<Row>; DEPTH],
    /// `r^4`, for groups of eight blocks.
    pub(super) r4: MaybeUninit<Row>,
}

impl<const N: usize> Memory<N> {
    const FITS: () = {
        assert!(size_of::<Self>() <= size_of::<[u64; SCRATCH_WORDS]>());
        assert!(align_of::<Self>() <= align_of::<Scratch>());
        assert!(offset_of!(Scratch, memory) % align_of::<Self>() == 0);
        // What is wiped at the end.
        assert!(size_of::<Self>() == if N == 4 { 20 * 32 } else { 13 * 64 });
    };

    /// The scratch memory, with what a call before has left there.
    #[inline(always)]
    pub(super) fn of(scratch: &mut Scratch) -> &mut Self {
        const { Self::FITS };
        // SAFETY: It is large enough and aligned, as asserted above. None of the structure has to
        // be initialized.
        unsafe { &mut *scratch.memory.as_mut_ptr().cast() }
    }

    /// Puts `r` to `r^4` there.
    #[inline(always)]
    pub(super) fn put_low(&mut self, words: [[u64; 3]; 4]) {
        self.words.write(words);
        if N == 8 {
            self.r4.write(row(&words[3]));
        }
    }

    /// Puts powers there for batches of `depth` groups. `first` and `second` are `R` and `R^2`.
    #[inline(always)]
    pub(super) fn put_rows(&mut self, first: [u64; 3], second: [u64; 3], depth: usize) {
        let [r1, r2, r3, r4, more @ ..] = &mut self.rows;
        r1.write(row(&first));
        r2.write(row(&second));
        if depth > 2 {
            let third = multiply_powers(&first, &second);
            let fourth = multiply_powers(&second, &second);
            r3.write(row(&third));
            r4.write(row(&fourth));
            if depth > 4 {
                for (to, power) in more.iter_mut().zip([first, second, third, fourth]) {
                    to.write(row(&multiply_powers(&power, &fourth)));
                }
            }
        }
    }
}

/// As [`Scratch::claim()`], and wipes what another implementation has left, of which less would be
/// wiped at the end.
///
/// # Safety
///
/// The CPU must have AVX2.
#[inline(always)]
pub(super) unsafe fn claim(guard: &Guard, scratch: &mut Scratch, cached: u64) -> bool {
    if scratch.cached != 0 && scratch.cached != cached {
        // SAFETY: By this function's requirement.
        unsafe { wipe_all(guard, scratch) };
    }
    scratch.claim(cached)
}

/// Wipes all scratch memory.
///
/// # Safety
///
/// The CPU must have AVX2.
unsafe fn wipe_all(_: &Guard, scratch: &mut Scratch) {
    const { assert!(8 * SCRATCH_WORDS == 26 * 64) };
    let memory = scratch.memory.as_mut_ptr();
    // SAFETY: The CPU has AVX2 by this function's requirement, and by the `Guard` its registers may
    // be used. The block writes the memory; its registers are declared.
    unsafe {
        asm!(
            steps::ymm! {
                vpxor x, x, x;
                "2:";
                vmovdqa ["{memory}"], x;
                vmovdqa ["{memory} + 32"], x;
                "add {memory}, 64";
                "cmp {memory}, {end}";
                "jne 2b";
            },
            memory = inout(reg) memory => _,
            end = in(reg) memory.wrapping_add(SCRATCH_WORDS),
            out("ymm12") _,
            options(nostack),
        );
    }
}

/// Entries of a row.
#[inline(always)]
fn row(power: &[u64; 3]) -> Row {
    let [l0, l1, l2] = limbs_44(power);
    [l0, l1, l2, l1.wrapping_mul(20), l2.wrapping_mul(20)]
}

/// The mask of a limb, and the bit above a block, which is `2^40` in the last limb.
macro_rules! constants_44 {
    ($v:ident) => {
        steps::$v! {
            steps::low_bits!($v mask, 20);
            steps::low_bits!($v bit128, 63);
            vpsllq bit128, bit128, 40;
        }
    };
}

/// Limbs of two words; the last one may have more than 44 bits.
macro_rules! split_44 {
    ($v:ident $w0:ident $w1:ident => $l0:ident $l1:ident $l2:ident) => {
        steps::$v! {
            vpsrlq $l1, $w0, 44;
            vpsllq $l2, $w1, 20;
            vpor $l1, $l1, $l2;
            vpand $l1, $l1, mask;
            vpand $l0, $w0, mask;
            vpsrlq $l2, $w1, 24;
        }
    };
}

/// A group as limbs, with the bit above each block. Four blocks are in the lanes in the order 0, 2, 1
/// and 3, eight ones in the order 0, 4, 1, 5, 2, 6, 3 and 7.
macro_rules! load_44 {
    ($v:ident $half:literal $l0:ident $l1:ident $l2:ident) => {
        steps::$v! {
            vmovdqu x, ["{data}"];
            vpunpcklqdq $l0, x, ["{data} + " $half];
            vpunpckhqdq x, x, ["{data} + " $half];
            add ("{data}"), ("2*" $half);
            ifma::split_44!($v $l0 x => $l0 $l1 $l2);
            vpor $l2, $l2, bit128;
        }
    };
}

/// No sums.
macro_rules! clear_44 {
    ($v:ident) => {
        steps::$v! {
            vpxor lo0, lo0, lo0;
            vpxor lo1, lo1, lo1;
            vpxor lo2, lo2, lo2;
            vpxor hi0, hi0, hi0;
            vpxor hi1, hi1, hi1;
            vpxor hi2, hi2, hi2;
        }
    };
}

/// Adds the products of limbs with those of powers: an entry after the other, as `load` takes them
/// from memory. Entries 3 and 4 are twenty times the last two limbs.
macro_rules! multiply_44 {
    ($v:ident $a0:ident $a1:ident $a2:ident * $load:ident $from:literal $size:literal) => {
        steps::$v! {
            $load x, [$from];
            $load y, [$from " + " $size];
            ifma::multiply_add!($v lo0 hi0 += $a0 * x);
            ifma::multiply_add!($v lo1 hi1 += $a1 * x);
            ifma::multiply_add!($v lo2 hi2 += $a2 * x);
            $load x, [$from " + 4*" $size];
            ifma::multiply_add!($v lo1 hi1 += $a0 * y);
            ifma::multiply_add!($v lo2 hi2 += $a1 * y);
            $load y, [$from " + 3*" $size];
            ifma::multiply_add!($v lo0 hi0 += $a1 * x);
            ifma::multiply_add!($v lo1 hi1 += $a2 * x);
            $load x, [$from " + 2*" $size];
            ifma::multiply_add!($v lo0 hi0 += $a2 * y);
            ifma::multiply_add!($v lo2 hi2 += $a0 * x);
        }
    };
}

/// Adds the low and the high half of a product.
macro_rules! multiply_add {
    ($v:ident $lo:ident $hi:ident += $a:ident * $b:ident) => {
        steps::$v! {
            vpmadd52luq $lo, $a, $b;
            vpmadd52huq $hi, $a, $b;
        }
    };
}

/// Adds the high halves to the low ones: three limbs, which may have more than 44 bits.
macro_rules! join_halves {
    ($v:ident) => {
        steps::$v! {
            // Around, 20 = 4 + 16 times.
            vpsllq x, hi2, 10;
            vpsllq y, hi2, 12;
            vpsllq hi0, hi0, 8;
            vpsllq hi1, hi1, 8;
            vpaddq lo0, lo0, x;
            vpaddq lo1, lo1, hi0;
            vpaddq lo2, lo2, hi1;
            vpaddq lo0, lo0, y;
        }
    };
}

/// The sums as limbs.
macro_rules! carry_44 {
    ($v:ident $l0:ident $l1:ident $l2:ident) => {
        steps::$v! {
            ifma::join_halves!($v);
            vpsrlq x, lo2, 44;
            vpsrlq hi0, lo0, 44;
            vpsrlq hi1, lo1, 44;
            vpand $l2, lo2, mask;
            vpand $l0, lo0, mask;
            vpand $l1, lo1, mask;
            vpsllq y, x, 2;
            vpsllq x, x, 4;
            vpaddq $l1, $l1, hi0;
            vpaddq $l2, $l2, hi1;
            vpaddq $l0, $l0, y;
            vpaddq $l0, $l0, x;
        }
    };
}

/// `to = 20 from`.
macro_rules! twenty {
    ($v:ident $to:ident = $from:ident) => {
        steps::$v! {
            vpsllq x, $from, 2;
            vpsllq $to, $from, 4;
            vpaddq $to, $to, x;
        }
    };
}

/// A word of `r^4`, `r^2`, `r^3` and `r`, one by one: as one load it would have to wait until they
/// all are in the cache.
macro_rules! gather_44 {
    ($to:ident = $i:literal) => {
        steps::ymm! {
            vmovq (xmm $to), ["{memory} + {words} + 72 + 8*" $i];
            vpinsrq (xmm $to), (xmm $to), ["{memory} + {words} + 24 + 8*" $i], 1;
            vmovq (xmm x), ["{memory} + {words} + 48 + 8*" $i];
            vpinsrq (xmm x), (xmm x), ["{memory} + {words} + 8*" $i], 1;
            vinserti128 $to, $to, (xmm x), 1;
        }
    };
}

/// The limbs of these powers, in `m`.
macro_rules! low_lanes {
    () => {
        steps::ymm! {
            ifma::gather_44!(lo0 = 0);
            ifma::gather_44!(lo1 = 1);
            ifma::gather_44!(lo2 = 2);
            ifma::split_44!(ymm lo0 lo1 => m0 m1 m2);
            vpsllq lo2, lo2, 40;
            vpor m2, m2, lo2;
        }
    };
}

/// Puts powers in the memory of the lanes.
macro_rules! put_lanes {
    ($v:ident $l0:ident $l1:ident $l2:ident, $size:literal) => {
        steps::$v! {
            vmovdqa ["{memory}"], $l0;
            vmovdqa ["{memory} + " $size], $l1;
            vmovdqa ["{memory} + 2*" $size], $l2;
            ifma::twenty!($v y = $l1);
            vmovdqa ["{memory} + 3*" $size], y;
            ifma::twenty!($v y = $l2);
            vmovdqa ["{memory} + 4*" $size], y;
        }
    };
}

/// Adds the group to the streams.
macro_rules! add_44 {
    ($v:ident) => {
        steps::$v! {
            vpaddq h0, h0, m0;
            vpaddq h1, h1, m1;
            vpaddq h2, h2, m2;
        }
    };
}

/// All batches: `{top}` is the row of the power that the streams are multiplied by in the first one,
/// and `{deep}` that in the others.
macro_rules! batches_44 {
    ($v:ident $half:literal) => {
        steps::$v! {
            ".p2align 6";
            "2:";
            "lea {row}, [{top} - 40]";
            ifma::clear_44!($v);
            "cmp {row}, {rows}";
            "jb 4f";
            "3:";
            ifma::load_44!($v $half m0 m1 m2);
            ifma::multiply_44!($v m0 m1 m2 * vpbroadcastq "{row}" 8);
            "sub {row}, 40";
            "cmp {row}, {rows}";
            "jae 3b";
            "4:";
            ifma::multiply_44!($v h0 h1 h2 * vpbroadcastq "{top}" 8);
            ifma::load_44!($v $half m0 m1 m2);
            ifma::carry_44!($v h0 h1 h2);
            ifma::add_44!($v);
            "mov {top}, {deep}";
            "dec {batches}";
            "jnz 2b";
        }
    };
}

/// The sum of the lanes of a register of 32 bytes, in the first one.
macro_rules! sum_44 {
    ($a:ident) => {
        steps::ymm! {
            vextracti128 (xmm x), $a, 1;
            vpaddq (xmm $a), (xmm $a), (xmm x);
            vpunpckhqdq (xmm x), (xmm $a), (xmm $a);
            vpaddq (xmm $a), (xmm $a), (xmm x);
        }
    };
}

/// The sums of all lanes, in registers for the caller.
macro_rules! take_44 {
    () => {
        steps::ymm! {
            ifma::sum_44!(lo0);
            ifma::sum_44!(lo1);
            ifma::sum_44!(lo2);
            vmovq ("{h0}"), (xmm lo0);
            vmovq ("{h1}"), (xmm lo1);
            vmovq ("{h2}"), (xmm lo2);
        }
    };
}

/// Defines `$name`, which absorbs groups of four blocks in registers `$v`; with `$deep`, in batches
/// of more than two groups, and keeping powers.
macro_rules! four_blocks {
    ($(#[$doc:meta])* $name:ident, $v:ident, $cached:ident, $deep:literal) => {
        $(#[$doc])*
        #[inline(never)]
        pub(crate) unsafe fn $name(
            guard: &Guard,
            state: &mut State,
            workspace: &mut Workspace<'_>,
            groups: &[u8],
        ) {
            // After the first one.
            let others = (groups.len() / GROUP).wrapping_sub(1);
            let more = workspace.scratch.blocks_left;
            // If powers are kept, from a call before or for one after, it is all of them.
            let kept = workspace.scratch.cached == $cached || more != 0;
            let depth = match () {
                _ if $deep && kept => DEPTH,
                _ if $deep && others >= ifma::MIDDLE => DEPTH / 2,
                _ => 2,
            };
            // SAFETY: By this function's requirement.
            let there = $deep && unsafe { ifma::claim(guard, workspace.scratch, $cached) };
            let memory = Memory::<4>::of(workspace.scratch);
            if !there {
                let mut low = state.low_powers(workspace.powers);
                let words = low.words();
                memory.put_low(words);
                memory.put_rows(words[3], low.middle_power(), depth);
            }
            let rows = memory.rows.as_ptr();
            let first = others.wrapping_sub(1) % depth;
            let [h0, h1, h2] = state.limbs_44();
            let (sum0, sum1, sum2): (u64, u64, u64);
            // SAFETY: The CPU has the instructions by this function's requirement, and by the `Guard`
            // its registers may be used. The block reads `groups`, and reads and writes `memory`,
            // where the rows are filled that batches need; its registers are declared.
            unsafe {
                asm!(
                    ifma::constants_44!(ymm),
                    ifma::low_lanes!(),
                    ifma::put_lanes!(ymm m0 m1 m2, 32),
                    ifma::load_44!(ymm 32 h0 h1 h2),
                    steps::ymm! {
                        vmovq (xmm m0), ("{h0}");
                        vmovq (xmm m1), ("{h1}");
                        vmovq (xmm m2), ("{h2}");
                        ifma::add_44!(ymm);
                    },
                    ifma::batches_44!($v 32),
                    ifma::clear_44!(ymm),
                    ifma::multiply_44!($v h0 h1 h2 * vmovdqa "{memory}" 32),
                    "test {more}, {more}",
                    "jnz 5f",
                    steps::ymm! {
                        vpxor x, x, x;
                        steps::wipe!(x, "{memory}": 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19);
                    },
                    "5:",
                    ifma::join_halves!(ymm),
                    ifma::take_44!(),
                    words = const offset_of!(Memory::<4>, words),
                    memory = in(reg) &raw mut *memory,
                    rows = in(reg) rows,
                    row = out(reg) _,
                    top = inout(reg) rows.wrapping_add(first) => _,
                    deep = in(reg) rows.wrapping_add(depth.wrapping_sub(1)),
                    data = inout(reg) groups.as_ptr() => _,
                    batches = inout(reg) others.div_ceil(depth) => _,
                    more = in(reg) more,
                    h0 = inout(reg) h0 => sum0, h1 = inout(reg) h1 => sum1, h2 = inout(reg) h2 => sum2,
                    out("ymm0") _, out("ymm1") _, out("ymm2") _, out("ymm3") _, out("ymm4") _,
                    out("ymm5") _, out("ymm6") _, out("ymm7") _, out("ymm8") _, out("ymm9") _,
                    out("ymm10") _, out("ymm11") _, out("ymm12") _, out("ymm13") _, out("ymm14") _,
                    out("ymm15") _,
                    options(nostack),
                );
            }
            state.set_limbs_44([sum0, sum1, sum2]);
        }
    };
}

pub(super) use {
    add_44, batches_44, carry_44, clear_44, constants_44, four_blocks, gather_44, join_halves,
    load_44, low_lanes, multiply_44, multiply_add, put_lanes, registers_44, split_44, sum_44,
    take_44, twenty,
};
