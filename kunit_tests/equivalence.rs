// SPDX-License-Identifier: GPL-2.0

//! Every way to pass a message gives the reference's tag.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_equivalence)]
mod tests {
    use kernel::prelude::*;
    use pin_init::stack_pin_init;

    use crate::expect;
    use crate::lib_poly1305::{mac, Poly1305};
    use crate::random::Random;
    use crate::reference::{self, Reference};
    use crate::table::each;

    /// The longest message compared byte by byte: more than a page.
    const LONGEST: usize = 4200;

    /// Catches a length at which a code path starts or ends a block early, late or twice.
    #[test]
    fn every_length() -> Result {
        each(|| {
            let mut random = Random::new(1);
            let mut data = KVec::from_elem(0, LONGEST, GFP_KERNEL)?;
            // The time it takes grows with the square of the longest message.
            for longest in [LONGEST, 600, 600] {
                let raw_key = random.key();
                random.fill(&mut data);
                // The whole blocks before a message's last bytes are the former message's.
                let mut blocks = Reference::new(&raw_key);
                for len in 0..=longest {
                    let start = len - len % 16;
                    let expected = blocks.clone().absorb_all(&data[start..len]).tag();
                    let tag = mac(&raw_key, &data[..len]);
                    expect(
                        *tag.as_bytes() == expected,
                        fmt!("one-shot, length {}", len),
                    )?;
                    stack_pin_init!(let computation = Poly1305::new(&raw_key));
                    computation.update(&data[..len]);
                    let tag = computation.finish();
                    expect(*tag.as_bytes() == expected, fmt!("update, length {}", len))?;
                    if len % 16 == 15 && len < LONGEST {
                        blocks.absorb(&data[start..=len]);
                    }
                }
            }
            Ok(())
        })
    }

    /// Catches buffered bytes that are lost, repeated or misplaced, for pieces of any size, also
    /// empty ones.
    #[test]
    fn random_pieces() -> Result {
        let mut random = Random::new(2);
        let mut data = KVec::from_elem(0, 5 * LONGEST, GFP_KERNEL)?;
        data.chunks_mut(200).for_each(|part| random.fill(part));
        // Keys, messages and their tags: the reference is slower than what it is compared with.
        let mut cases = KVec::new();
        for i in 0..1000 {
            let raw_key = random.key();
            let start = random.below(LONGEST);
            // A few are of several full calls.
            let longest = LONGEST * if i % 50 == 0 { 4 } else { 1 };
            let len = random.below(longest + 1) >> random.below(8);
            let message = &data[start..start + len];
            let expected = reference::mac(&raw_key, message);
            cases.push((raw_key, message, expected), GFP_KERNEL)?;
        }
        each(|| {
            let mut random = Random::new(14);
            for (round, (raw_key, message, expected)) in cases.iter().enumerate() {
                stack_pin_init!(let computation = Poly1305::new(raw_key));
                let mut rest = *message;
                let len = rest.len();
                let largest = 1 + random.below(len + 17);
                while !rest.is_empty() {
                    let (piece, more) = rest.split_at(random.below(largest + 1).min(rest.len()));
                    computation.update(piece);
                    rest = more;
                }
                expect(
                    computation.finish().as_bytes() == expected,
                    fmt!("round {}, length {}, pieces to {}", round, len, largest),
                )?;
            }
            Ok(())
        })
    }

    /// Catches faults at a boundary inside the first blocks that only a split in two reaches.
    #[test]
    fn every_split_of_short_messages() -> Result {
        each(|| {
            let mut random = Random::new(3);
            let mut data = [0; 80];
            random.fill(&mut data);
            let raw_key = random.key();
            for len in 0..=data.len() {
                let expected = reference::mac(&raw_key, &data[..len]);
                for split in 0..=len {
                    stack_pin_init!(let computation = Poly1305::new(&raw_key));
                    computation.update(&data[..split]);
                    computation.update(&data[split..len]);
                    expect(
                        *computation.finish().as_bytes() == expected,
                        fmt!("length {}, split at {}", len, split),
                    )?;
                }
            }
            Ok(())
        })
    }

    /// Catches loads that need aligned data or keys, and lengths counted from an aligned address.
    #[test]
    fn alignment() -> Result {
        each(|| {
            let mut random = Random::new(4);
            let mut data = KVec::from_elem(0, LONGEST, GFP_KERNEL)?;
            random.fill(&mut data);
            let mut place = KVec::from_elem(0, 64 + LONGEST, GFP_KERNEL)?;
            for len in [
                0, 1, 15, 16, 17, 63, 64, 65, 255, 256, 400, 1025, 2048, 2063, LONGEST,
            ] {
                let raw_key = random.key();
                let expected = reference::mac(&raw_key, &data[..len]);
                for offset in 0..64 {
                    let mut keys = [0; 64 + 32];
                    let key = &mut keys[offset..offset + 32];
                    key.copy_from_slice(&raw_key);
                    let key = key.first_chunk().ok_or(EINVAL)?;
                    let message = &mut place[offset..offset + len];
                    message.copy_from_slice(&data[..len]);
                    let tag = mac(key, message);
                    expect(
                        *tag.as_bytes() == expected,
                        fmt!("offset {}, length {}", offset, len),
                    )?;
                }
            }
            Ok(())
        })
    }

    /// Catches a copy that shares state with its original: a context is plain data.
    #[test]
    fn copies_go_their_own_ways() -> Result {
        each(|| {
            let mut random = Random::new(5);
            let mut data = [0; 150];
            random.fill(&mut data);
            let raw_key = random.key();
            for split in 0..=data.len() {
                stack_pin_init!(let original = Poly1305::new(&raw_key));
                original.update(&data[..split]);
                stack_pin_init!(let copy = original.copy());
                copy.update(&data[split..]);
                let expected = reference::mac(&raw_key, &data);
                expect(
                    *copy.finish().as_bytes() == expected,
                    fmt!("copy at {}", split),
                )?;
                let expected = reference::mac(&raw_key, &data[..split]);
                expect(
                    *original.finish().as_bytes() == expected,
                    fmt!("original at {}", split),
                )?;
            }
            Ok(())
        })
    }
}
