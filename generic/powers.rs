// SPDX-License-Identifier: GPL-2.0 OR MIT

//! The cache of powers of `r`.

use core::mem::MaybeUninit;

use super::accumulator::{Accumulator, Point};
use super::constant_time::wipe;
use super::state::State;

/// The exponents, in the order of the powers.
const EXPONENTS: [u32; 5] = [2, 3, 4, 8, 16];

/// Cached powers of `r`: `struct lib_poly1305_powers` of the C interface.
///
/// They are in interchange form, so any implementation can use those that another one computed.
/// They only save time: a `count` of 0 is always valid.
///
/// # Invariants
///
/// `count <= EXPONENTS.len()`, and that many of `power` are the powers of this computation's `r`
/// with these exponents.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Powers {
    count: u64,
    power: [MaybeUninit<Accumulator>; EXPONENTS.len()],
}

impl Powers {
    /// No powers. (A constant would be copied as a whole.)
    #[inline(always)]
    #[must_use]
    pub fn none() -> Self {
        Self {
            count: 0,
            power: [const { MaybeUninit::uninit() }; EXPONENTS.len()],
        }
    }

    /// Initializes a place with no powers.
    ///
    /// # Safety
    ///
    /// `place` must be valid for writes.
    #[inline(always)]
    pub(super) unsafe fn empty(place: *mut Self) {
        // SAFETY: By this function's requirement.
        unsafe { (&raw mut (*place).count).write(0) };
    }

    /// These powers of `r`, with `r^2`, `r^3` and `r^4` among them.
    #[inline(always)]
    fn with_low(&mut self, r: Point) -> LowPowers<'_> {
        if self.count < 3 {
            let r2 = r.squared();
            // This one first, as others wait for it.
            let r4 = r2.squared();
            for (kept, power) in self.power.iter_mut().zip([r2, r2.multiplied(r), r4]) {
                kept.write(power);
            }
            // INVARIANT: These three were written.
            self.count = 3;
        }
        // INVARIANT: By the condition, or as just set.
        LowPowers { r, kept: self }
    }

    /// A cached power. All callers have checked that `i < self.count`.
    #[inline(always)]
    fn known(&self, i: usize) -> Accumulator {
        // SAFETY: The first `count` powers are initialized by the type invariants, and the callers
        // have checked that this is one of them.
        unsafe { self.power[i].assume_init() }
    }

    /// Exponents and words of the cached powers, for callers that do not trust the code that wrote
    /// them; `None` if the count is too large.
    pub fn to_words(&self) -> Option<impl Iterator<Item = (u32, [u64; 3])> + '_> {
        let there = self.power.get(..self.count as usize)?;
        // SAFETY: The first `count` powers are initialized by the type invariants.
        let words = |power: &MaybeUninit<Accumulator>| unsafe { power.assume_init() }.to_words();
        Some(EXPONENTS.into_iter().zip(there.iter().map(words)))
    }

    /// Wipes them, if there are any.
    #[inline(always)]
    pub(super) fn wipe(&mut self) {
        if self.count != 0 {
            self.power = [MaybeUninit::new(Accumulator::ZERO); EXPONENTS.len()];
            wipe(&mut self.count, 0);
        }
    }
}

/// Cached powers of `r`, the first of which are there. For vector code they are words of the
/// interchange form.
///
/// # Invariants
///
/// `kept.count >= 3`.
pub struct LowPowers<'a> {
    r: Point,
    kept: &'a mut Powers,
}

impl LowPowers<'_> {
    /// `r`, `r^2`, `r^3` and `r^4`.
    #[inline(always)]
    #[must_use]
    pub fn words(&self) -> [[u64; 3]; 4] {
        let power = |i| self.kept.known(i);
        [self.r.element(), power(0), power(1), power(2)].map(Accumulator::to_words)
    }

    /// `r^8`.
    #[inline(always)]
    fn middle(&mut self) -> Accumulator {
        if self.kept.count < 4 {
            self.kept.power[3].write(self.kept.known(2).squared());
            // INVARIANT: This one was written, after the three before it.
            self.kept.count = 4;
        }
        self.kept.known(3)
    }

    /// `r^16`.
    #[inline(always)]
    fn high(&mut self) -> Accumulator {
        let r8 = self.middle();
        if self.kept.count < 5 {
            self.kept.power[4].write(r8.squared());
            // INVARIANT: This one was written, after the four before it.
            self.kept.count = 5;
        }
        self.kept.known(4)
    }

    /// `r^8`.
    #[inline(always)]
    pub fn middle_power(&mut self) -> [u64; 3] {
        self.middle().to_words()
    }

    /// `r^8`, `r^16`, `r^24` and `r^32`.
    #[inline(always)]
    pub fn high_powers(&mut self) -> [[u64; 3]; 4] {
        let (r8, r16) = (self.middle(), self.high());
        [r8, r16, r8.times(r16), r16.squared()].map(Accumulator::to_words)
    }
}

/// `r^40`, `r^48`, `r^56` and `r^64`, from [`LowPowers::high_powers()`].
#[inline(always)]
#[must_use]
pub fn higher_powers(high: &[[u64; 3]; 4]) -> [[u64; 3]; 4] {
    let high = high.map(Accumulator::trusted);
    high.map(|power| power.times(high[3]).to_words())
}

impl State {
    /// The cached powers of `r`, with the first ones computed if they were not there.
    #[inline(always)]
    pub fn low_powers<'a>(&self, kept: &'a mut Powers) -> LowPowers<'a> {
        kept.with_low(self.r)
    }

    /// Appends 16 blocks, which were computed from an accumulator of zero. Their product is as for
    /// [`Self::set_product`].
    #[inline(always)]
    pub fn append_16(&mut self, kept: &mut Powers, [low, middle, high]: [u64; 3]) {
        let tail = Accumulator::from_product(low, middle, high);
        self.h = self.h.times(kept.with_low(self.r).high()).plus(tail);
    }
}
