// SPDX-License-Identifier: GPL-2.0

//! Pseudorandom numbers, which are the same in every run with the same seed.

use crate::seed::seed;

/// The generator SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014).
pub(crate) struct Random(u64);

impl Random {
    /// Starts a sequence. Each test has its own number, and each run a seed.
    pub(crate) fn new(number: u64) -> Self {
        // Not the sum: the sequences of two numbers would be one, begun at two places.
        Self(Self(seed() ^ number).next())
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % (end as u64).max(1)) as usize
    }

    /// Fills a buffer with random bytes or, one time in eight, with bytes that cause carries.
    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        match self.next() % 8 {
            0 => bytes.fill([0x00, 0xff, 0xfb, 0x7f][self.below(4)]),
            _ => bytes.fill_with(|| self.next() as u8),
        }
    }

    /// A key, by the same rule for each of its halves.
    pub(crate) fn key(&mut self) -> [u8; 32] {
        let mut key = [0; 32];
        let (r, s) = key.split_at_mut(16);
        self.fill(r);
        self.fill(s);
        key
    }
}
