// SPDX-License-Identifier: GPL-2.0

//! The steps of code for `vpmadd52`, with limbs of 44 bits, as `steps.rs` has them for 26.
//!
//! `vpmadd52` adds the low or the high 52 bits of a product to a lane. Low and high halves are kept
//! apart until the carry, where the high ones count `2^(52 - 44) = 2^8` in the next limb; and what
//! comes out above `2^132` counts 20 times below, as `2^132 = 4 * 5`. A carry goes up by one limb
//! only: limbs are below 2^44 + 2^18 then. Sums are below 2^57.
//!
//! The steps are for registers of either width: `zmm`, or `ymm` in the encoding of AVX-512 or, as
//! `vex`, in that of AVX-IFMA.

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
            steps_44::split_44!($v $l0 x => $l0 $l1 $l2);
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
            steps_44::multiply_add!($v lo0 hi0 += $a0 * x);
            steps_44::multiply_add!($v lo1 hi1 += $a1 * x);
            steps_44::multiply_add!($v lo2 hi2 += $a2 * x);
            $load x, [$from " + 4*" $size];
            steps_44::multiply_add!($v lo1 hi1 += $a0 * y);
            steps_44::multiply_add!($v lo2 hi2 += $a1 * y);
            $load y, [$from " + 3*" $size];
            steps_44::multiply_add!($v lo0 hi0 += $a1 * x);
            steps_44::multiply_add!($v lo1 hi1 += $a2 * x);
            $load x, [$from " + 2*" $size];
            steps_44::multiply_add!($v lo0 hi0 += $a2 * y);
            steps_44::multiply_add!($v lo2 hi2 += $a0 * x);
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
            steps_44::join_halves!($v);
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
            steps_44::gather_44!(lo0 = 0);
            steps_44::gather_44!(lo1 = 1);
            steps_44::gather_44!(lo2 = 2);
            steps_44::split_44!(ymm lo0 lo1 => m0 m1 m2);
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
            steps_44::twenty!($v y = $l1);
            vmovdqa ["{memory} + 3*" $size], y;
            steps_44::twenty!($v y = $l2);
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
            steps_44::clear_44!($v);
            "cmp {row}, {rows}";
            "jb 4f";
            "3:";
            steps_44::load_44!($v $half m0 m1 m2);
            steps_44::multiply_44!($v m0 m1 m2 * vpbroadcastq "{row}" 8);
            "sub {row}, 40";
            "cmp {row}, {rows}";
            "jae 3b";
            "4:";
            steps_44::multiply_44!($v h0 h1 h2 * vpbroadcastq "{top}" 8);
            steps_44::load_44!($v $half m0 m1 m2);
            steps_44::carry_44!($v h0 h1 h2);
            steps_44::add_44!($v);
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
            steps_44::sum_44!(lo0);
            steps_44::sum_44!(lo1);
            steps_44::sum_44!(lo2);
            vmovq ("{h0}"), (xmm lo0);
            vmovq ("{h1}"), (xmm lo1);
            vmovq ("{h2}"), (xmm lo2);
        }
    };
}

pub(super) use {
    add_44, batches_44, carry_44, clear_44, constants_44, gather_44, join_halves, load_44,
    low_lanes, multiply_44, multiply_add, put_lanes, registers_44, split_44, sum_44, take_44,
    twenty,
};
