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
        let low = if self.count >= 3 {
            [self.known(0), self.known(1), self.known(2)]
        } else {
            let r2 = r.squared();
            // This one first, as others wait for it.
            let r4 = r2.squared();
            let low = [r2, r2.multiplied(r), r4];
            for (kept, power) in self.power.iter_mut().zip(low) {
                kept.write(power);
            }
            // INVARIANT: These three were written.
            self.count = 3;
            low
        };
        // INVARIANT: By the condition, or as just set.
        LowPowers { r, low, kept: self }
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
    /// `r^2`, `r^3` and `r^4`: in registers, which is faster than what was just written.
    low: [Accumulator; 3],
    kept: &'a mut Powers,
}

impl LowPowers<'_> {
    /// `r`, `r^2`, `r^3` and `r^4`.
    #[inline(always)]
    #[must_use]
    pub fn words(&self) -> [[u64; 3]; 4] {
        let [r2, r3, r4] = self.low;
        [self.r.element(), r2, r3, r4].map(Accumulator::to_words)
    }

    /// `r^8`.
    #[inline(always)]
    fn middle(&mut self) -> Accumulator {
        if self.kept.count >= 4 {
            return self.kept.known(3);
        }
        let r8 = self.low[2].squared();
        self.kept.power[3].write(r8);
        // INVARIANT: This one was written, after the three before it.
        self.kept.count = 4;
        r8
    }

    /// `r^8` and `r^16`.
    #[inline(always)]
    fn high(&mut self) -> [Accumulator; 2] {
        let r8 = self.middle();
        if self.kept.count >= 5 {
            return [r8, self.kept.known(4)];
        }
        let r16 = r8.squared();
        self.kept.power[4].write(r16);
        // INVARIANT: This one was written, after the four before it.
        self.kept.count = 5;
        [r8, r16]
    }

    /// `r^8`.
    #[inline(always)]
    #[must_use]
    pub fn middle_power(&mut self) -> [u64; 3] {
        self.middle().to_words()
    }

    /// `r^8` and `r^16`.
    #[inline(always)]
    #[must_use]
    pub fn high_powers(&mut self) -> [[u64; 3]; 2] {
        self.high().map(Accumulator::to_words)
    }
}

/// The product of two powers.
#[inline(always)]
#[must_use]
pub fn multiply_powers(a: &[u64; 3], b: &[u64; 3]) -> [u64; 3] {
    Accumulator::trusted(*a)
        .times(Accumulator::trusted(*b))
        .to_words()
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
        let [_, r16] = kept.with_low(self.r).high();
        self.h = self.h.times(r16).plus(tail);
    }
}
