// SPDX-License-Identifier: GPL-2.0

//! Bytes of a fuzzer as numbers, keys and messages: few of them make the values at which something
//! changes, or carries.

use lib_poly1305_generic::KEY_SIZE;

/// What is left of an input.
pub(crate) struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next byte, and zeroes when there is none.
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((byte, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *byte
    }

    /// A length: short, or some blocks and a byte more or less, or of several chunks.
    pub(crate) fn len(&mut self) -> usize {
        let first = usize::from(self.byte());
        match first {
            0..=63 => first,
            64..=191 => (16 * usize::from(self.byte()) + first % 3).saturating_sub(1),
            _ => 64 * usize::from(self.byte()) + first % 19,
        }
    }

    /// Fills a buffer with bytes of that kind.
    pub(crate) fn fill(&mut self, kind: u8, bytes: &mut [u8]) {
        match kind % 8 {
            0 => bytes.fill(0x00),
            1 => bytes.fill(0xff),
            // The lowest byte of the modulus.
            2 => bytes.fill(0xfb),
            3 => bytes.fill(self.byte()),
            // Each word of 32 bits is full or empty.
            4 => {
                let mask = self.byte();
                for (i, word) in bytes.chunks_mut(4).enumerate() {
                    word.fill(if (mask >> (i % 8)) & 1 == 0 { 0 } else { 0xff });
                }
            }
            // Full but for one byte.
            5 => {
                bytes.fill(0xff);
                let at = usize::from(self.byte()) % bytes.len().max(1);
                let byte = self.byte();
                bytes.iter_mut().skip(at).take(1).for_each(|b| *b = byte);
            }
            6 => {
                let block: [u8; 16] = std::array::from_fn(|_| self.byte());
                for (byte, given) in bytes.iter_mut().zip(block.iter().cycle()) {
                    *byte = *given;
                }
            }
            // As if random.
            _ => {
                let mut word = 2 * u64::from(self.byte()) + 1;
                for byte in bytes {
                    word = word.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
                    *byte = (word >> 56) as u8;
                }
            }
        }
    }

    /// A key: each half is of some kind, or `r` is small, where reductions are rare.
    pub(crate) fn key(&mut self) -> [u8; KEY_SIZE] {
        let mut key = [0; KEY_SIZE];
        let (r, s) = key.split_at_mut(16);
        let kinds = self.byte();
        if kinds & 8 != 0 {
            r[0] = self.byte();
        } else {
            self.fill(kinds, r);
        }
        self.fill(kinds >> 4, s);
        key
    }
}
