// SPDX-License-Identifier: GPL-2.0

//! Values at the edges of limbs and of the modulus, where lost carries show first.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_carries)]
mod tests {
    use kernel::prelude::*;
    use pin_init::stack_pin_init;

    use crate::edges;
    use crate::expect;
    use crate::lib_poly1305::{mac, Poly1305};
    use crate::reference::Reference;
    use crate::table::each;

    /// A key whose `r` and `s` are these numbers.
    fn key(r: u128, s: u128) -> [u8; 32] {
        let mut key = [0; 32];
        key[..16].copy_from_slice(&r.to_le_bytes());
        key[16..].copy_from_slice(&s.to_le_bytes());
        key
    }

    /// Catches a carry that is lost between calls or between code paths for runs of different
    /// lengths: with `r = 1` the accumulator is the sum of the blocks, and with blocks of all ones
    /// every sum carries through every limb. Runs of every two lengths follow each other.
    ///
    /// Calculated by hand: `n` blocks of `2^129 - 1` sum to `n 2^129 - n`, where `2^130 = 5`.
    #[test]
    fn three_way_splits() -> Result {
        each(|| {
            const BLOCKS: usize = 66;
            let ones = KVec::from_elem(0xff, 16 * BLOCKS, GFP_KERNEL)?;
            let one = key(1, 0);
            stack_pin_init!(let begun = Poly1305::new(&one));
            for i in 0..=BLOCKS {
                stack_pin_init!(let one = begun.copy());
                one.update(&ones[..16 * i]);
                for j in 0..=BLOCKS {
                    stack_pin_init!(let computation = one.copy());
                    let mut n = i;
                    for run in [j, i] {
                        computation.update(&ones[..16 * run]);
                        n += run;
                        // An odd `n` leaves one 2^129, which is 0 modulo 2^128; none of the sums
                        // needs another reduction.
                        let expected = (5 * (n as u128 / 2)).wrapping_sub(n as u128);
                        stack_pin_init!(let copy = computation.copy());
                        expect(
                            *copy.finish().as_bytes() == expected.to_le_bytes(),
                            fmt!("{} blocks: runs of {}, {}, {}", n, i, j, i),
                        )?;
                    }
                }
            }
            Ok(())
        })
    }

    /// Catches a wrong last reduction: the accumulator ends at `2^130 - i` for values around the
    /// modulus, which is `i = 5`.
    ///
    /// Calculated by hand, again with `r = 1`: two blocks sum to `2^129 + m1 + m2`.
    #[test]
    fn around_the_modulus() -> Result {
        each(|| {
            for i in 2..=20u128 {
                for s in [0, 1, u128::MAX] {
                    let m1 = u128::MAX;
                    let m2 = 1u128.wrapping_sub(i);
                    let mut data = [0; 32];
                    data[..16].copy_from_slice(&m1.to_le_bytes());
                    data[16..].copy_from_slice(&m2.to_le_bytes());
                    // What is left of it modulo `2^130 - 5`, and of that modulo 2^128.
                    let h = if i <= 5 { 5 - i } else { i.wrapping_neg() };
                    expect(
                        *mac(&key(1, s), &data).as_bytes() == h.wrapping_add(s).to_le_bytes(),
                        fmt!("2^130 - {}, s = {:#x}", i, s),
                    )?;
                }
            }
            Ok(())
        })
    }

    /// Catches sums that overflow a limb only if everything is at its maximum: a key of all ones,
    /// and messages of all ones of thousands of lengths.
    ///
    /// The expected tag is that of all the tags, computed with Python's integers (docs/testing.md
    /// has the code).
    #[test]
    fn all_ones() -> Result {
        each(|| {
            const EXPECTED: [u8; 16] = [
                0xa8, 0x5d, 0x84, 0x1f, 0x47, 0xde, 0xe8, 0x9f, 0x49, 0x55, 0xdb, 0x64, 0xa8, 0xa8,
                0xdc, 0x9b,
            ];
            let ones = KVec::from_elem(0xff, 4096, GFP_KERNEL)?;
            stack_pin_init!(let tags = Poly1305::new(&[0xff; 32]));
            for len in 0..=ones.len() {
                tags.update(mac(&[0xff; 32], &ones[..len]).as_bytes());
            }
            let right = *tags.finish().as_bytes() == EXPECTED;
            expect(right, fmt!("the tag of all tags"))
        })
    }

    /// A message, and the tags of some of its beginnings, each of whole blocks.
    struct Case {
        key: [u8; 32],
        data: KVec<u8>,
        tags: KVec<(usize, [u8; 16])>,
    }

    impl Case {
        fn new(key: [u8; 32], data: KVec<u8>, wanted: impl Fn(usize) -> bool) -> Result<Self> {
            let mut tags = KVec::new();
            let mut whole = Reference::new(&key);
            for (i, block) in data.chunks_exact(16).enumerate() {
                whole.absorb(block);
                if wanted(i + 1) {
                    tags.push((16 * (i + 1), whole.clone().tag()), GFP_KERNEL)?;
                }
            }
            Ok(Self { key, data, tags })
        }

        /// Computes the tags, one-shot and with a beginning as the first call.
        fn check(&self) -> Result {
            stack_pin_init!(let computation = Poly1305::new(&self.key));
            let mut done = 0;
            for &(len, expected) in &self.tags {
                let tag = mac(&self.key, &self.data[..len]);
                computation.update(&self.data[done..len]);
                stack_pin_init!(let copy = computation.copy());
                done = len;
                let right = *tag.as_bytes() == expected && *copy.finish().as_bytes() == expected;
                expect(right, fmt!("{} bytes, key {:x?}", len, self.key))?;
            }
            Ok(())
        }
    }

    /// Catches a carry that is lost in one lane only, or only where lanes are added up, and powers of
    /// `r` that are not reduced far enough: all sums of each of several streams of blocks are around
    /// multiples of 2^128, also those of all blocks of a call.
    #[test]
    fn streams_at_edges() -> Result {
        // Beyond a full call, and the shortest run with a workspace after it.
        const BLOCKS: usize = 288;
        let mut cases = KVec::new();
        for (i, r) in edges::POINTS.into_iter().enumerate() {
            let key = key(r, if i % 2 == 0 { 0 } else { u128::MAX });
            let mut data = KVec::from_elem(0, 16 * BLOCKS, GFP_KERNEL)?;
            for streams in [1, 2, 4, 8] {
                edges::fill(r, streams, &mut data);
                let mut copy = KVec::new();
                copy.extend_from_slice(&data, GFP_KERNEL)?;
                let case = Case::new(key, copy, |n| n <= 24 || n % 8 == 0 || n % 32 == 1)?;
                cases.push(case, GFP_KERNEL)?;
            }
            for end in [21, 130, 256] {
                edges::end(r, &mut data[..16 * end]);
            }
            let case = Case::new(key, data, |n| matches!(n, 21 | 130 | 256 | BLOCKS))?;
            cases.push(case, GFP_KERNEL)?;
        }
        each(|| cases.iter().try_for_each(Case::check))
    }
}
