// SPDX-License-Identifier: GPL-2.0

//! Poly1305 once more, written to be obviously correct: limbs of one byte, schoolbook
//! multiplication, and no code shared with the implementations under test.

/// A number, little-endian in base 256. There are 17 limbs, as 2^130 needs.
pub(crate) type Number = [u32; 17];

/// A computation, block by block.
#[derive(Clone)]
pub(crate) struct Reference {
    h: Number,
    r: Number,
    s: [u8; 16],
}

impl Reference {
    /// Begins a computation.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let mut r = [0; 17];
        for (i, limb) in r.iter_mut().take(16).enumerate() {
            // The clamp of RFC 8439 section 2.5, byte by byte.
            let mask = match i {
                3 | 7 | 11 | 15 => 15,
                4 | 8 | 12 => 252,
                _ => 255,
            };
            *limb = u32::from(key[i] & mask);
        }
        let mut s = [0; 16];
        s.copy_from_slice(&key[16..]);
        Self { h: [0; 17], r, s }
    }

    /// Absorbs one block of 1 to 16 bytes; one of less than 16 must be the last.
    pub(crate) fn absorb(&mut self, block: &[u8]) {
        for (h, m) in self.h.iter_mut().zip(block) {
            *h += u32::from(*m);
        }
        self.h[block.len()] += 1;
        self.h = times(&self.h, &self.r);
    }

    /// Absorbs a whole message, or the rest of one after whole blocks.
    pub(crate) fn absorb_all(mut self, data: &[u8]) -> Self {
        for block in data.chunks(16) {
            self.absorb(block);
        }
        self
    }

    /// The tag.
    pub(crate) fn tag(self) -> [u8; 16] {
        let h = reduced(self.h);
        let mut tag = [0; 16];
        let mut sum = 0;
        for (i, byte) in tag.iter_mut().enumerate() {
            sum += h[i] + u32::from(self.s[i]);
            *byte = sum as u8;
            sum >>= 8;
        }
        tag
    }
}

/// The product modulo 2^130 - 5, or that much more, of numbers whose limbs may be twice a byte.
pub(crate) fn times(a: &Number, b: &Number) -> Number {
    let mut product = [0; 34];
    for (i, a) in a.iter().enumerate() {
        for (limb, b) in product[i..].iter_mut().zip(b) {
            *limb += a * b;
        }
    }
    // Limb 17 has the weight 2^136, which is 64 * 5 modulo 2^130 - 5.
    let (low, high) = product.split_at(17);
    let mut product = [0; 17];
    for (limb, (low, high)) in product.iter_mut().zip(low.iter().zip(high)) {
        *limb = low + 320 * high;
    }
    // Twice, so that every limb is a byte again but the last, which has the bits up to 130.
    carry(&mut product);
    carry(&mut product);
    product
}

/// The least number that is the same modulo 2^130 - 5.
pub(crate) fn reduced(mut a: Number) -> Number {
    carry(&mut a);
    carry(&mut a);
    // Less than 2^130 + 5 after the carries. It is reduced if adding 5 stays below 2^130.
    let mut plus_5 = a;
    plus_5[0] += 5;
    for i in 0..16 {
        plus_5[i + 1] += plus_5[i] >> 8;
        plus_5[i] &= 255;
    }
    if plus_5[16] < 4 {
        return a;
    }
    plus_5[16] &= 3;
    plus_5
}

/// Carries from limb to limb, and from bit 130 to bit 0.
fn carry(h: &mut [u32; 17]) {
    for i in 0..16 {
        h[i + 1] += h[i] >> 8;
        h[i] &= 255;
    }
    h[0] += 5 * (h[16] >> 2);
    h[16] &= 3;
    for i in 0..16 {
        h[i + 1] += h[i] >> 8;
        h[i] &= 255;
    }
}

/// The tag of a whole message.
pub(crate) fn mac(key: &[u8; 32], data: &[u8]) -> [u8; 16] {
    Reference::new(key).absorb_all(data).tag()
}
