// SPDX-License-Identifier: GPL-2.0

//! Iterators over kernel memory.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_iterators)]
mod tests {
    use kernel::page::PAGE_SIZE;
    use kernel::prelude::*;
    use pin_init::stack_pin_init;

    use crate::bindings::{
        LIB_POLY1305_KUNIT_BVEC, LIB_POLY1305_KUNIT_DISCARD, LIB_POLY1305_KUNIT_IOVEC,
        LIB_POLY1305_KUNIT_KVEC, LIB_POLY1305_KUNIT_UBUF,
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

    /// Adds all bytes in calls of random lengths, and says whether the iterator kept up.
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

    /// Catches bytes that are left out, read twice or read from elsewhere: in vectors of any shape,
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

    /// Expects an error that leaves the computation and the iterator as they were.
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

    /// Catches memory of a process that is read as the kernel's, nothing that is taken for bytes,
    /// and an end that is noticed too late or not at all.
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

    /// Catches an iterator that is left in the middle, and a computation with some bytes added,
    /// where folios end before the count says so; and where they do not, no error is due.
    #[test]
    fn folios_that_end_early() -> Result {
        let mut random = Random::new(34);
        let offset = 1000;
        let pieces = Pieces::new(&mut random, &[4 * PAGE_SIZE - offset])?;
        let total = pieces.flat.len();
        let key = random.key();
        let expected = mac(&key, &pieces.flat);
        for queue in [false, true] {
            let mut iter = pieces.folios(queue, offset, 1)?;
            refused(&mut iter, total + 1, EINVAL)?;
            stack_pin_init!(let computation = Poly1305::new(&key));
            add(&mut computation, &mut iter, total)?;
            assert!(computation.finish().as_bytes() == expected.as_bytes());
            assert!(iter.left() == 1);
        }
        Ok(())
    }

    /// Catches a copy: an implementation gets every block at the place where the vector has it.
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
