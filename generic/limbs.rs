// SPDX-License-Identifier: GPL-2.0 OR MIT

//! Elements as limbs of 26 and of 44 bits, for vector code.

use super::accumulator::Accumulator;
use super::state::State;

/// The number of limbs of 26 bits: limb `i` has weight `2^(26 i)`.
pub const LIMBS: usize = 5;

/// The low 26 bits.
const MASK: u64 = (1 << 26) - 1;

/// The limbs of an element in interchange form: below 2^26, and the last one below `5 * 2^24`.
#[inline(always)]
#[must_use]
pub fn limbs(words: &[u64; 3]) -> [u64; LIMBS] {
    let [x0, x1, x2] = *words;
    [
        x0 & MASK,
        (x0 >> 26) & MASK,
        // Masked before they are joined, as the compiler would make one shift of two words of it,
        // which is slow on some CPUs.
        (x0 >> 52) | ((x1 & (MASK >> 12)) << 12),
        (x1 >> 14) & MASK,
        // The value is below `5 * 2^128`.
        (x1 >> 40) | (x2 << 24),
    ]
}

/// The limbs of 44 bits of an element in interchange form: below 2^44, the last one below
/// `5 * 2^40`.
#[inline(always)]
#[must_use]
pub fn limbs_44(words: &[u64; 3]) -> [u64; 3] {
    const MASK: u64 = (1 << 44) - 1;
    let [x0, x1, x2] = *words;
    [
        x0 & MASK,
        (x0 >> 44) | ((x1 & (MASK >> 20)) << 20),
        (x1 >> 24) | (x2 << 40),
    ]
}

impl Accumulator {
    /// Makes an element of limbs, which may be any 64-bit numbers.
    #[inline(always)]
    fn from_limbs(limbs: [u64; LIMBS]) -> Self {
        let [x0, x1, x2, x3, x4] = limbs.map(u128::from);
        // Below 2^64 + 2^90 + 2^116.
        let low = x0.wrapping_add(x1 << 26).wrapping_add(x2 << 52);
        let (low, carry_3) = low.overflowing_add(x3 << 78);
        let (low, carry_4) = low.overflowing_add(x4 << 104);
        // Below 2^14 + 2^40 + 2.
        let high = ((x3 >> 50) as u64)
            .wrapping_add((x4 >> 24) as u64)
            .wrapping_add(u64::from(carry_3))
            .wrapping_add(u64::from(carry_4));
        Self::reduce(low, high)
    }

    /// Makes an element of limbs of 44 bits, which may be any numbers below 2^62.
    #[inline(always)]
    fn from_limbs_44(limbs: [u64; 3]) -> Self {
        let [x0, x1, x2] = limbs.map(u128::from);
        // Below 2^107.
        let low = x0.wrapping_add(x1 << 44);
        // Below 2^87.
        let high = (low >> 64).wrapping_add(x2 << 24);
        Self::from_product(low as u64, high as u64, (high >> 64) as u64)
    }
}

/// For vector code that works on limbs.
impl State {
    /// The limbs of the accumulator: below 2^26, and the last one below `5 * 2^24`.
    #[inline(always)]
    pub fn limbs(&self) -> [u64; LIMBS] {
        limbs(&self.h.to_words())
    }

    /// The limbs of 44 bits of the accumulator.
    #[inline(always)]
    pub fn limbs_44(&self) -> [u64; 3] {
        limbs_44(&self.h.to_words())
    }

    /// Sets the accumulator to `limbs` of 44 bits, which may be any numbers below 2^62.
    #[inline(always)]
    pub fn set_limbs_44(&mut self, limbs: [u64; 3]) {
        self.h = Accumulator::from_limbs_44(limbs);
    }

    /// Sets the accumulator to `limbs`, which may be any 64-bit numbers.
    #[inline(always)]
    pub fn set_limbs(&mut self, limbs: [u64; LIMBS]) {
        self.h = Accumulator::from_limbs(limbs);
    }
}
