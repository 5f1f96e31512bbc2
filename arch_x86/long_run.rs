// SPDX-License-Identifier: GPL-2.0

//! How a long run is cut, and how it ends.
//!
//! A long run is eight streams, of which each has every eighth block and is evaluated in `R = r^8`,
//! in batches that share a carry. With the streams of the blocks 0 to 3 in `h`, those of 4 to 7 in
//! `h'`, and the next four blocks in `m`, the batches are followed by
//!
//!     h = ((h + m) r^4 + h') mod 2^130 - 5,
//!
//! which leaves four streams, and then it ends as a short run does (`avx2.rs`).

use crate::generic::BLOCK_SIZE;

/// Bytes in a group of four blocks.
pub(super) const GROUP: usize = 4 * BLOCK_SIZE;

/// How a run is cut.
pub(super) struct Run {
    /// How many times eight blocks the first batch has: 1 to the depth.
    pub(super) first: usize,
    /// How many batches there are; those after the first one are full.
    pub(super) batches: usize,
    /// How many groups of four blocks are left after them: two or three.
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

/// The last groups of four blocks, `{tail}` of them, with the streams of the blocks 4 to 7 in memory:
/// leaves the sums of limbs there. Wipes the rest of it, unless `{more}` blocks follow in another
/// call; the table early, while multiplications wait for each other.
macro_rules! finish_streams {
    () => {
        steps::ymm! {
            "test {more}, {more}";
            "jnz 5f";
            vpxor s, s, s;
            // The table, the words, and what batches begin with.
            steps::wipe!(s, "{table}": 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19);
            steps::wipe!(s, "{table} + {words}": 0 1 2 3 4 5 6);
            "5:";
            steps::constants!();
            "mov {row}, {lanes}";
            steps::load_group!();
            steps::add_streams!();
            steps::multiply_group!(=);
            vpaddq h0, h0, ["{table} + {streams} + 64*0 + 32"];
            vpaddq h1, h1, ["{table} + {streams} + 64*1 + 32"];
            vpaddq h2, h2, ["{table} + {streams} + 64*2 + 32"];
            vpaddq h3, h3, ["{table} + {streams} + 64*3 + 32"];
            vpaddq h4, h4, ["{table} + {streams} + 64*4 + 32"];
            steps::carry_limbs!(h0 h1 h2 h3 h4, t u);
            "cmp {tail}, 2";
            "je 7f";
            steps::load_group!();
            steps::add_streams!();
            steps::multiply_group!(=);
            steps::carry_limbs!(h0 h1 h2 h3 h4, t u);
            "7:";
            steps::finish_lanes!();
            "test {more}, {more}";
            "jnz 6f";
            vpxor s, s, s;
            // The streams, and the rows and words of the lanes.
            steps::wipe!(s, "{table} + {streams}": 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18);
            steps::wipe!(s, "{table} + {streams}": 19 20 21);
            "6:";
        }
    };
}

pub(crate) use finish_streams;
