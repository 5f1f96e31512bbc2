// SPDX-License-Identifier: GPL-2.0

//! What all long runs have in common: how they are cut, and how they begin and end.
//!
//! A long run is evaluated as eight streams in `R = r^8`, in batches that share a carry. At its end
//! the streams of the blocks 4 to 7 join those of the blocks 0 to 3, and the rest is as for short
//! runs (`lanes.rs`).

use super::lanes::GROUP;

/// Where the entry for word `i` and limb `j` lies, `5i + j`: see `Table`.
macro_rules! at {
    (0) => {
        "0"
    };
    (1) => {
        "4"
    };
    (2) => {
        "64"
    };
    (3) => {
        "68"
    };
    (4) => {
        "512"
    };
    (5) => {
        "128"
    };
    (6) => {
        "132"
    };
    (7) => {
        "192"
    };
    (8) => {
        "196"
    };
    (9) => {
        "516"
    };
    (10) => {
        "256"
    };
    (11) => {
        "260"
    };
    (12) => {
        "320"
    };
    (13) => {
        "324"
    };
    (14) => {
        "576"
    };
    (15) => {
        "384"
    };
    (16) => {
        "388"
    };
    (17) => {
        "448"
    };
    (18) => {
        "452"
    };
    (19) => {
        "580"
    };
}

/// Puts the streams of the blocks 0 to 3, of zmm0 to zmm4 in the order of unpacked blocks, in the
/// low lanes in the order of `lanes.rs`, and those of 4 to 7 in memory.
macro_rules! part_streams {
    () => {
        concat!(
            // The lanes that go to the lanes 0 to 7.
            "mov {row}, 0x0703050106020400\n",
            "vmovq xmm15, {row}\n",
            "vpmovzxbq zmm15, xmm15\n",
            part_streams!(@each 0 1 2 3 4),
        )
    };
    (@each $($limb:tt)*) => {
        concat!($(
            "vpermq zmm", $limb, ", zmm15, zmm", $limb, "\n",
            "vextracti64x4 [{table} + {streams} + 64*", $limb, " + 32], zmm", $limb, ", 1\n",
        )*)
    };
}

/// Wipes that many times 32 bytes of the memory, from a place on.
macro_rules! wipe {
    ($at:literal: $($i:tt)*) => {
        concat!($("vmovdqu [{table} + ", $at, " + 32*", $i, "], ymm10\n",)*)
    };
}

/// Wipes the table and what belongs to it, if it is not needed any more.
macro_rules! wipe_table {
    () => {
        concat!(
            "test {more}, {more}\n",
            "jnz 5f\n",
            op!("vpxor" ymm 10, 10, 10),
            wipe!("0": 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19),
            wipe!("1408": 0 1 2 3 4 5 6),
            "5:\n",
        )
    };
}

/// Wipes the rest.
macro_rules! wipe_rest {
    () => {
        concat!(
            "test {more}, {more}\n",
            "jnz 6f\n",
            op!("vpxor" ymm 10, 10, 10),
            wipe!("640": 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21),
            "6:\n",
        )
    };
}

/// The last groups of four, `{tail}` of them, two or three: from the streams of the blocks 0 to 3
/// in ymm0 to ymm4, and those of 4 to 7 in memory.
macro_rules! finish_streams {
    () => {
        concat!(
            low_bits!(ymm 15, 38), low_bits!(ymm 14, 63), shift!(ymm 14 = 14 << 24),
            "mov {row}, {lanes}\n",
            load_group!(), add_streams!(), first_products!(=), other_products!(),
            finish_streams!(@add 0 1 2 3 4),
            carry_limbs!(ymm 0 1 2 3 4, 15, 12 13),
            "cmp {tail}, 2\n",
            "je 7f\n",
            load_group!(), add_streams!(), first_products!(=), other_products!(),
            carry_limbs!(ymm 0 1 2 3 4, 15, 12 13),
            "7:\n",
            finish_lanes!(),
        )
    };
    (@add $($limb:tt)*) => {
        concat!($(
            "vpaddq ymm", $limb, ", ymm", $limb, ", [{table} + {streams} + 64*", $limb, " + 32]\n",
        )*)
    };
}

/// How a run is cut.
pub(super) struct Run {
    /// How many times eight blocks the first batch has: 1 to the depth.
    pub(super) first: usize,
    /// How many batches there are; those after the first one are full.
    pub(super) batches: usize,
    /// How many groups of four are left after them: two or three.
    pub(super) tail: usize,
}

impl Run {
    /// Cuts groups of four blocks, at least four of them, into batches of up to `depth` times eight
    /// blocks.
    #[inline(always)]
    pub(super) fn new(groups: &[u8], depth: usize) -> Self {
        let count = groups.len() / GROUP;
        let tail = 2 + (count & 1);
        let eights = count.wrapping_sub(tail) / 2;
        Self {
            first: (eights.wrapping_sub(1) % depth).wrapping_add(1),
            batches: eights.div_ceil(depth),
            tail,
        }
    }
}
