// SPDX-License-Identifier: GPL-2.0 OR MIT

//! The accumulator in interchange form, and the step for one block.

use super::{load, BLOCK_SIZE, KEY_SIZE, TAG_SIZE};

/// The evaluation point `r`, clamped as in RFC 8439 section 2.5.1.
///
/// # Invariants
///
/// `0[0] <= 0x0ffffffc0fffffff` and `0[1] <= 0x0ffffffc0ffffffc`: both are below 2^60, and the
/// second one is divisible by four.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Point([u64; 2]);

impl Point {
    /// Clamps the first half of a key.
    #[inline(always)]
    pub(super) fn new(key: &[u8; KEY_SIZE]) -> Self {
        // INVARIANT: The masks are the bounds.
        Self([
            load(key, 0) & 0x0fff_fffc_0fff_ffff,
            load(key, 8) & 0x0fff_fffc_0fff_fffc,
        ])
    }

    /// Makes a point of words, if they are clamped.
    pub(super) fn from_words(words: [u64; 2]) -> Option<Self> {
        // INVARIANT: The bits outside of the bounds are zero.
        let clamped =
            words[0] & !0x0fff_fffc_0fff_ffff == 0 && words[1] & !0x0fff_fffc_0fff_fffc == 0;
        clamped.then_some(Self(words))
    }

    /// `r` as an element.
    #[inline(always)]
    pub(super) fn element(self) -> Accumulator {
        // INVARIANT: The third word is zero.
        Accumulator([self.0[0], self.0[1], 0])
    }

    /// `r^2`.
    #[inline(always)]
    pub(super) fn squared(self) -> Accumulator {
        Accumulator::multiply(join(self.0[0], self.0[1]), 0, self).reduced()
    }

    /// The words.
    pub(super) fn to_words(self) -> [u64; 2] {
        self.0
    }
}

/// The pad `s`: the second half of a key (RFC 8439 section 2.5).
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Pad([u64; 2]);

impl Pad {
    /// Takes the second half of a key.
    #[inline(always)]
    pub fn new(key: &[u8; KEY_SIZE]) -> Self {
        Self([load(key, 16), load(key, 24)])
    }
}

/// The bit above the 128 bits of a block.
#[derive(Clone, Copy)]
pub(super) enum PadBit {
    /// A short last block, which contains its own bit: nothing.
    Padded = 0,
    /// A whole block of 16 bytes: 2^128.
    Whole = 1,
}

/// An element modulo `p = 2^130 - 5` in interchange form: `h[0] + h[1] 2^64 + h[2] 2^128`.
///
/// # Invariants
///
/// `h[2] <= 4`: the value is below `5 * 2^128`, which is below `2p`. It is partially reduced, so an
/// element may have two forms.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Accumulator([u64; 3]);

impl Accumulator {
    /// The empty sum.
    pub(super) const ZERO: Self = Self([0; 3]);

    /// Makes an element of words, if they are in interchange form.
    pub(super) fn from_words(words: [u64; 3]) -> Option<Self> {
        // INVARIANT: The third word is checked.
        (words[2] <= 4).then_some(Self(words))
    }

    /// Makes an element of the words of another one.
    #[inline(always)]
    pub(super) fn trusted(words: [u64; 3]) -> Self {
        // INVARIANT: Those of the other element.
        Self(words)
    }

    /// The words.
    pub(super) fn to_words(self) -> [u64; 3] {
        self.0
    }

    /// Adds one block and multiplies by `r`, modulo `p`: the step of RFC 8439 section 2.5.1.
    #[inline(always)]
    pub(super) fn absorb(self, block: &[u8; BLOCK_SIZE], bit: PadBit, r: Point) -> Self {
        self.begin(block, bit, r).reduced()
    }

    /// Adds one block and multiplies by `r`, without reducing the product.
    #[inline(always)]
    pub(super) fn begin(self, block: &[u8; BLOCK_SIZE], bit: PadBit, r: Point) -> Wide {
        let [h0, h1, h2] = self.0;
        let (low, carry) = join(h0, h1).overflowing_add(u128::from_le_bytes(*block));
        // At most 4 + 1 + 1.
        let h2 = h2.wrapping_add(u64::from(carry)).wrapping_add(bit as u64);
        Self::multiply(low, h2, r)
    }

    /// Multiplies `low + h2 2^128`, where `h2 <= 9`, by `r`.
    #[inline(always)]
    fn multiply(low: u128, h2: u64, r: Point) -> Wide {
        let [r0, r1] = r.0;
        let (h0, h1) = (low as u64, (low >> 64) as u64);

        // As `r1` is divisible by four, `r1 2^128 = 5/4 r1` exactly, so products of weight 2^128
        // need no shift. Below 2^60.4.
        let s1 = r1.wrapping_add(r1 >> 2);
        // Below 2^64 (2^60 + 2^60.4) < 2^126.
        let d0 = wide(h0, r0).wrapping_add(wide(h1, s1));
        // Below 2 * 2^124 + 9 * 2^60.4 + 2^62 < 2^125 + 2^64.
        let d1 = wide(h0, r1)
            .wrapping_add(wide(h1, r0))
            .wrapping_add(u128::from(h2.wrapping_mul(s1)))
            .wrapping_add(d0 >> 64);
        let d2 = h2.wrapping_mul(r0).wrapping_add((d1 >> 64) as u64);

        // INVARIANT: At most 9 * 2^60 + 2^61.
        Wide {
            low: join(d0 as u64, d1 as u64),
            high: d2,
        }
    }

    /// Multiplies by `r`.
    #[inline(always)]
    pub(super) fn multiplied(self, r: Point) -> Self {
        Self::multiply(join(self.0[0], self.0[1]), self.0[2], r).reduced()
    }

    /// Reduces a product `low + middle 2^64 + high 2^128`, with `high` as for [`Self::reduce`].
    #[inline(always)]
    pub(super) fn from_product(low: u64, middle: u64, high: u64) -> Self {
        Self::reduce(join(low, middle), high)
    }

    /// Adds two elements modulo `p`.
    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Self {
        let [a0, a1, a2] = self.0;
        let [b0, b1, b2] = other.0;
        let (low, carry) = join(a0, a1).overflowing_add(join(b0, b1));
        // At most 4 + 4 + 1.
        let high = a2.wrapping_add(b2).wrapping_add(u64::from(carry));
        Self::reduce(low, high)
    }

    /// Multiplies two elements modulo `p`.
    #[inline(always)]
    pub(super) fn times(self, by: Self) -> Self {
        let [a0, a1, a2] = self.0;
        let [b0, b1, b2] = by.0;
        let low = [wide(a0, b0), wide(a0, b1), wide(a1, b0), wide(a1, b1)];
        // Below 2^67 and 2^68.
        let x = wide(a2, b0).wrapping_add(wide(b2, a0));
        let y = wide(a2, b1).wrapping_add(wide(b2, a1));
        Self::sum(low, x, y, a2.wrapping_mul(b2))
    }

    /// The square modulo `p`.
    #[inline(always)]
    pub(super) fn squared(self) -> Self {
        let [a0, a1, a2] = self.0;
        let middle = wide(a0, a1);
        // At most 8.
        let twice = a2.wrapping_add(a2);
        Self::sum(
            [wide(a0, a0), middle, middle, wide(a1, a1)],
            wide(twice, a0),
            wide(twice, a1),
            a2.wrapping_mul(a2),
        )
    }

    /// Adds up the products of two low words, of weight 1, 2^64 (two of them) and 2^128; those of a
    /// high word and low ones, `x 2^128 + y 2^192`, below 2^68; and that of the high words, `top`.
    #[inline(always)]
    fn sum([first, middle, other, last]: [u128; 4], x: u128, y: u128, top: u64) -> Self {
        // No sum overflows: the product of two words plus two words is below 2^128.
        let d = middle.wrapping_add(first >> 64);
        let e = other.wrapping_add(u128::from(d as u64));
        let low = join(first as u64, e as u64);
        let high = last.wrapping_add(d >> 64).wrapping_add(e >> 64);
        let y = y.wrapping_add(x >> 64);
        let (high, carry) = high.overflowing_add(join(x as u64, y as u64));
        // At most 16 + 2^4 + 1.
        let top = top
            .wrapping_add((y >> 64) as u64)
            .wrapping_add(u64::from(carry));

        Self::fold(low, high, top)
    }

    /// Brings `low + high 2^128 + top 2^256` into interchange form, where `top < 64`.
    #[inline(always)]
    fn fold(low: u128, high: u128, top: u64) -> Self {
        // As in `reduce()`: adds 5/4 of the part above bit 130.
        let (low, carry_4) = low.overflowing_add(high & !3);
        let (low, carry_1) = low.overflowing_add((high >> 2) | (u128::from(top) << 126));
        let high = (high as u64 & 3)
            .wrapping_add(top)
            .wrapping_add(top >> 2)
            .wrapping_add(u64::from(carry_4))
            .wrapping_add(u64::from(carry_1));
        Self::reduce(low, high)
    }

    /// Brings `low + high 2^128` into interchange form, where `high < 14/5 * 2^62`.
    #[inline(always)]
    pub(super) fn reduce(low: u128, high: u64) -> Self {
        // The part above bit 130 counts five times, as `2^130 = 5`: once, and four times in its
        // place.
        let five = (high & !3).wrapping_add(high >> 2);
        let (low, carry) = low.overflowing_add(u128::from(five));
        // INVARIANT: The third word is at most 3 + 1.
        Self([
            low as u64,
            (low >> 64) as u64,
            (high & 3).wrapping_add(u64::from(carry)),
        ])
    }

    /// Reduces fully and adds the pad: the tag (RFC 8439 section 2.5.1, last step).
    #[inline(always)]
    pub(super) fn tag(self, s: Pad) -> [u8; TAG_SIZE] {
        let [h0, h1, h2] = self.0;
        let h = join(h0, h1);
        // The value is below 2p, so it is either reduced or p too large. The latter is the case
        // exactly if adding 5 reaches bit 130; then the low 128 bits of the sum are the result.
        let (less_p, carry) = h.overflowing_add(5);
        // `h2 <= 4`, so this is 0 or 1, and the mask has no bits or all.
        let mask = u128::from(h2.wrapping_add(u64::from(carry)) >> 2).wrapping_neg();
        let reduced = h ^ ((h ^ less_p) & mask);
        reduced.wrapping_add(join(s.0[0], s.0[1])).to_le_bytes()
    }
}

/// A product that is not reduced: `low + high 2^128`.
///
/// # Invariants
///
/// `high <= 11 * 2^60`, so that 5/4 of it is below 2^64.
#[derive(Clone, Copy)]
pub(super) struct Wide {
    low: u128,
    high: u64,
}

impl Wide {
    /// The element in interchange form.
    #[inline(always)]
    pub(super) fn reduced(self) -> Accumulator {
        Accumulator::reduce(self.low, self.high)
    }

    /// Reduces, adds one whole block and multiplies by `r`.
    ///
    /// The part above bit 130 is known last, so the block is added before it.
    #[inline(always)]
    pub(super) fn absorb(self, block: &[u8; BLOCK_SIZE], r: Point) -> Self {
        let (low, carry_block) = self.low.overflowing_add(u128::from_le_bytes(*block));
        // As in `reduce()`.
        let five = (self.high & !3).wrapping_add(self.high >> 2);
        let (low, carry_five) = low.overflowing_add(u128::from(five));
        // At most 3 + 1 + 1 + 1.
        let h2 = (self.high & 3)
            .wrapping_add(1)
            .wrapping_add(u64::from(carry_block))
            .wrapping_add(u64::from(carry_five));
        Accumulator::multiply(low, h2, r)
    }

    /// The same without reducing, where `five` is `5 r0`: a shorter chain for one multiplication more.
    ///
    /// What is above bit 130, `q`, is multiplied apart: five times by `r0`; and by `r1` with the bits
    /// below it, as `r1 2^128 = s1`.
    #[inline(always)]
    pub(super) fn absorb_unreduced(self, block: &[u8; BLOCK_SIZE], r: Point, five: u64) -> Self {
        let [r0, r1] = r.0;
        let s1 = r1.wrapping_add(r1 >> 2);
        let (low, carry) = self.low.overflowing_add(u128::from_le_bytes(*block));
        let (h0, h1) = (low as u64, (low >> 64) as u64);
        // At most 11 * 2^60 + 2, and q at most 2.75 * 2^60.
        let h2 = self.high.wrapping_add(1).wrapping_add(u64::from(carry));
        let (q, t) = (h2 >> 2, h2 & 3);
        // Below (16 + 20 + 14) 2^120.
        let d0 = wide(h0, r0)
            .wrapping_add(wide(h1, s1))
            .wrapping_add(wide(q, five));
        // Below (16 + 16 + 14 + 1) 2^120.
        let d1 = wide(h0, r1)
            .wrapping_add(wide(h1, r0))
            .wrapping_add(wide(h2, s1))
            .wrapping_add(d0 >> 64);
        // INVARIANT: At most (3 + 3) 2^60.
        Self {
            low: join(d0 as u64, d1 as u64),
            high: t.wrapping_mul(r0).wrapping_add((d1 >> 64) as u64),
        }
    }
}

/// Two words as one number.
#[inline(always)]
fn join(low: u64, high: u64) -> u128 {
    u128::from(low) | (u128::from(high) << 64)
}

/// The whole product of two words.
#[inline(always)]
fn wide(a: u64, b: u64) -> u128 {
    // Exact: (2^64 - 1)^2 is below 2^128.
    u128::from(a).wrapping_mul(u128::from(b))
}
