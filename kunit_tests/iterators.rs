// SPDX-License-Identifier: GPL-2.0

//! Iterators over kernel memory.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_iterators)]
mod tests {
    use kernel::error::to_result;
    use kernel::page::PAGE_SIZE;
    use kernel::prelude::*;
    use pin_init::stack_pin_init;

    use crate::bindings::{
        lib_poly1305_sg_update_iter, LIB_POLY1305_KUNIT_BVEC, LIB_POLY1305_KUNIT_DISCARD,
        LIB_POLY1305_KUNIT_IOVEC, LIB_POLY1305_KUNIT_KVEC, LIB_POLY1305_KUNIT_SEGMENT,
        LIB_POLY1305_KUNIT_UBUF,
    };
    use crate::expect;
    use crate::lib_poly1305::{mac, Poly1305};
    use crate::pieces::{seen, watching, Iter, Pieces};
    use crate::random::Random;
    use crate::table::{each, Registered, HIGH};

    /// Adds bytes of an iterator over [`Pieces`].
    fn add(computation: &mut Poly1305, iter: &mut Iter<'_>, len: usize) -> Result {
        // SAFETY: Nobody writes to pieces, or to folios of a test.
        unsafe { computation.update_iter(iter.get(), len) }
    }

    /// Adds all bytes in calls of random lengths, and returns whether the iterator was advanced by
    /// as many.
    fn keeps_up(
        random: &mut Random,
        computation: &mut Poly1305,
        iter: &mut Iter<'_>,
    ) -> Result<bool> {
        let mut kept = true;
        let mut left = iter.left();
        while left > 0 {
            let len = match random.below(3) {
                0 => left,
                1 => random.below(left + 1),
                _ => random.below(left.min(20) + 1),
            };
            add(computation, iter, len)?;
            left -= len;
            kept &= iter.left() == left;
        }
        Ok(kept)
    }

    /// Catches bytes that are skipped, added twice or read from elsewhere: in vectors of any shape,
    /// by calls for any part.
    #[test]
    fn vectors() -> Result {
        each(|| {
            let mut random = Random::new(31);
            for round in 0..200 {
                let pieces = Pieces::random(&mut random)?;
                let key = random.key();
                let expected = mac(&key, &pieces.flat);
                for kind in [LIB_POLY1305_KUNIT_KVEC, LIB_POLY1305_KUNIT_BVEC] {
                    let mut iter = pieces.iter(kind, pieces.flat.len())?;
                    stack_pin_init!(let computation = Poly1305::new(&key));
                    let kept = keeps_up(&mut random, &mut computation, &mut iter)?;
                    expect(
                        kept && computation.finish().as_bytes() == expected.as_bytes(),
                        fmt!("round {}, kind {}", round, kind),
                    )?;
                }
            }
            Ok(())
        })
    }

    /// Catches the same in a queue and in an xarray of folios, larger ones among them.
    #[test]
    fn folios() -> Result {
        let mut random = Random::new(32);
        for round in 0..50 {
            let len = 1 + random.below(6 * PAGE_SIZE);
            let pieces = Pieces::new(&mut random, &[len])?;
            let key = random.key();
            let expected = mac(&key, &pieces.flat);
            for queue in [false, true] {
                let offset = random.below(PAGE_SIZE);
                let mut iter = pieces.folios(queue, offset, 0)?;
                stack_pin_init!(let computation = Poly1305::new(&key));
                let kept = keeps_up(&mut random, &mut computation, &mut iter)?;
                expect(
                    kept && computation.finish().as_bytes() == expected.as_bytes(),
                    fmt!("round {}, queue {}, {} from {}", round, queue, len, offset),
                )?;
            }
        }
        Ok(())
    }

    /// Expects an error that leaves the computation and the iterator unchanged.
    fn refused(iter: &mut Iter<'_>, len: usize, error: Error) -> Result {
        let key = [0x3c; 32];
        let before = [0x5a; 21];
        let left = iter.left();
        stack_pin_init!(let computation = Poly1305::new(&key));
        computation.update(&before);
        let result = add(&mut computation, iter, len);
        let expected = mac(&key, &before);
        expect(
            result == Err(error)
                && iter.left() == left
                && computation.finish().as_bytes() == expected.as_bytes(),
            fmt!("{} of {}", len, left),
        )
    }

    /// Catches user memory that is read as kernel memory, a discarding iterator that is read at
    /// all, and an end that is detected too late or not at all.
    #[test]
    fn refusals() -> Result {
        let mut random = Random::new(33);
        let pieces = Pieces::new(&mut random, &[100, 0, 5000])?;
        let total = pieces.flat.len();
        for kind in [LIB_POLY1305_KUNIT_UBUF, LIB_POLY1305_KUNIT_IOVEC] {
            for len in [0, 1, total] {
                refused(&mut pieces.iter(kind, total)?, len, EFAULT)?;
            }
        }
        refused(
            &mut pieces.iter(LIB_POLY1305_KUNIT_DISCARD, total)?,
            1,
            EINVAL,
        )?;
        for kind in [LIB_POLY1305_KUNIT_KVEC, LIB_POLY1305_KUNIT_BVEC] {
            refused(&mut pieces.iter(kind, total)?, total + 1, EINVAL)?;
            refused(&mut pieces.iter(kind, total)?, usize::MAX, EINVAL)?;
        }
        Ok(())
    }

    /// Expects `total` bytes in an iterator whose count is one more. The additional byte is
    /// refused, first together with the others and then alone.
    fn ends_at(mut iter: Iter<'_>, pieces: &Pieces) -> Result {
        let key = [0x3d; 32];
        let total = pieces.flat.len();
        refused(&mut iter, total + 1, EINVAL)?;
        stack_pin_init!(let computation = Poly1305::new(&key));
        add(&mut computation, &mut iter, total)?;
        assert!(computation.finish().as_bytes() == mac(&key, &pieces.flat).as_bytes());
        assert!(iter.left() == 1);
        refused(&mut iter, 1, EINVAL)
    }

    /// Catches an iterator that is advanced, a computation with some bytes added, and memory that
    /// is taken for a segment, if the segments end before the count; and an error if they do not.
    #[test]
    fn vectors_that_end_early() -> Result {
        let mut random = Random::new(36);
        for lengths in [&[1][..], &[16, 0, 700], &[0], &[5000, 1, 0, 0]] {
            let pieces = Pieces::new(&mut random, lengths)?;
            for kind in [LIB_POLY1305_KUNIT_KVEC, LIB_POLY1305_KUNIT_BVEC] {
                ends_at(pieces.iter(kind, pieces.flat.len() + 1)?, &pieces)?;
            }
        }
        Ok(())
    }

    /// Catches the same for folios: in a queue with a segment that is not full, with a full one at
    /// its end, and with another segment after it.
    #[test]
    fn folios_that_end_early() -> Result {
        let mut random = Random::new(34);
        let segment = LIB_POLY1305_KUNIT_SEGMENT as usize;
        for folios in [1, 4, segment - 1, segment, segment + 1, 2 * segment] {
            for offset in [0, 1000] {
                let in_xarray = Pieces::new(&mut random, &[folios * PAGE_SIZE - offset])?;
                ends_at(in_xarray.folios(false, offset, 1)?, &in_xarray)?;
                // The first folio of a queue has two pages.
                let in_queue = Pieces::new(&mut random, &[(folios + 1) * PAGE_SIZE - offset])?;
                ends_at(in_queue.folios(true, offset, 1)?, &in_queue)?;
            }
        }
        Ok(())
    }

    /// Catches a missing folio of an xarray for which another one is read.
    #[test]
    fn missing_folios() -> Result {
        let mut random = Random::new(37);
        let offset = 1000;
        let pieces = Pieces::new(&mut random, &[4 * PAGE_SIZE - offset])?;
        let total = pieces.flat.len();
        for missing in 0..4 {
            let mut iter = pieces.folios_without(false, offset, 0, missing)?;
            refused(&mut iter, total, EINVAL)?;
            // Up to there all is well.
            let there = (missing as usize * PAGE_SIZE).saturating_sub(offset);
            refused(&mut iter, there + 1, EINVAL)?;
            let key = random.key();
            stack_pin_init!(let computation = Poly1305::new(&key));
            add(&mut computation, &mut iter, there)?;
            let expected = mac(&key, &pieces.flat[..there]);
            assert!(computation.finish().as_bytes() == expected.as_bytes());
        }
        Ok(())
    }

    /// Catches an iterator of the other direction that is refused, or read differently.
    #[test]
    fn either_direction() -> Result {
        let mut random = Random::new(38);
        let pieces = Pieces::new(&mut random, &[7, 3 * PAGE_SIZE])?;
        let total = pieces.flat.len();
        let key = random.key();
        for mut iter in [
            pieces.iter(LIB_POLY1305_KUNIT_KVEC, total)?,
            pieces.iter(LIB_POLY1305_KUNIT_BVEC, total)?,
            pieces.folios(true, 5, 0)?,
            pieces.folios(false, 5, 0)?,
        ] {
            iter.turn();
            for (len, expected) in [(total + 1, Err(EINVAL)), (total, Ok(()))] {
                stack_pin_init!(let computation = Poly1305::new(&key));
                // SAFETY: Both are valid, and borrowed for this call alone.
                let result = to_result(unsafe {
                    lib_poly1305_sg_update_iter(computation.as_raw().cast(), iter.as_raw(), len)
                });
                assert!(result == expected);
                let added = &pieces.flat[..if result.is_ok() { len } else { 0 }];
                assert!(computation.finish().as_bytes() == mac(&key, added).as_bytes());
            }
        }
        Ok(())
    }

    /// Catches a copy: an implementation gets every block at its address in the vector.
    #[test]
    fn no_copy() -> Result {
        let mut random = Random::new(35);
        // A block that goes over the end of a page comes in two pieces: not whole.
        let lengths = [16, 320, 0, 64, 1600];
        let pieces = Pieces::new(&mut random, &lengths)?;
        let total = pieces.flat.len();
        let key = random.key();
        let registered = Registered::new(c"kunit-watching", HIGH, watching)?;
        pieces.watch();
        let mut iter = pieces.iter(LIB_POLY1305_KUNIT_KVEC, total)?;
        stack_pin_init!(let computation = Poly1305::new(&key));
        let result = add(&mut computation, &mut iter, total);
        let counts = seen();
        registered.unregister()?;
        result?;
        assert!(counts == (total / 16, 0));
        let expected = mac(&key, &pieces.flat);
        assert!(computation.finish().as_bytes() == expected.as_bytes());
        Ok(())
    }
}
