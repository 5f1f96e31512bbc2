// SPDX-License-Identifier: GPL-2.0

//! Scatter lists.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_scatter)]
mod tests {
    use core::ptr;
    use core::sync::atomic::{AtomicUsize, Ordering};

    use kernel::ffi::c_void;
    use kernel::page::PAGE_SIZE;
    use kernel::prelude::*;
    use pin_init::stack_pin_init;

    use crate::bindings::{
        lib_poly1305_kunit_context, lib_poly1305_kunit_run_in_contexts, LIB_POLY1305_KUNIT_BVEC,
    };
    use crate::expect;
    use crate::lib_poly1305::{mac, Poly1305};
    use crate::lib_poly1305_sg::ScatterList;
    use crate::pieces::{seen, watching, List, Pieces};
    use crate::random::Random;
    use crate::table::{each, Registered, HIGH};

    /// The tag of a part of a list after some other bytes.
    fn tag(key: [u8; 32], before: &[u8], list: &List<'_>, at: (usize, usize)) -> Result<[u8; 16]> {
        stack_pin_init!(let computation = Poly1305::new(&key));
        computation.update(before);
        computation.update_sg(list.get(), at.0, at.1)?;
        Ok(*computation.finish().as_bytes())
    }

    /// Catches bytes that are skipped, added twice or read from elsewhere: where an entry is empty,
    /// ends in the middle of a block or spans pages, where tables are chained, and where the part
    /// begins and ends.
    #[test]
    fn any_shape() -> Result {
        each(|| {
            let mut random = Random::new(21);
            for round in 0..300 {
                let pieces = Pieces::random(&mut random)?;
                let list = pieces.list(1 + random.below(6) as u32)?;
                let total = pieces.flat.len();
                let (start, end) = match round % 3 {
                    0 => (0, total),
                    1 => (random.below(total + 1), total),
                    _ => (0, random.below(total + 1)),
                };
                let key = random.key();
                expect(
                    tag(key, &[], &list, (start, end - start))?
                        == *mac(&key, &pieces.flat[start..end]).as_bytes(),
                    fmt!("round {}, {} to {} of {}", round, start, end, total),
                )?;
            }
            Ok(())
        })
    }

    /// Catches the same for every part of a small list: at every border of an entry, also of empty
    /// ones at both ends.
    #[test]
    fn every_part() -> Result {
        let lengths = [0, 0, 1, 16, 0, 15, 17, 1, 0, 1, 40, 0];
        let mut random = Random::new(22);
        let key = random.key();
        for per_table in [1, 2, 5, 12] {
            let pieces = Pieces::new(&mut random, &lengths)?;
            let list = pieces.list(per_table)?;
            for end in 0..=pieces.flat.len() {
                for start in 0..=end {
                    expect(
                        tag(key, &[], &list, (start, end - start))?
                            == *mac(&key, &pieces.flat[start..end]).as_bytes(),
                        fmt!("{} a table, {} to {}", per_table, start, end),
                    )?;
                }
            }
        }
        Ok(())
    }

    /// Catches a list that is too short and accepted, or of which something was added before the
    /// error; an overflowing sum; and a list that is long enough and refused.
    #[test]
    fn too_short() -> Result {
        let mut random = Random::new(23);
        let pieces = Pieces::new(&mut random, &[100, 0, 5000, 1, 0])?;
        let list = pieces.list(2)?;
        let total = pieces.flat.len();
        // SAFETY: NULL is a list without bytes.
        let none = unsafe { ScatterList::from_raw(ptr::null_mut()) };
        let key = random.key();
        stack_pin_init!(let computation = Poly1305::new(&key));
        // Something is buffered.
        computation.update(&pieces.flat[..21]);
        for (offset, len) in [
            (0, total + 1),
            (1, total),
            (total, 1),
            (total + 1, 0),
            (usize::MAX, 0),
            (usize::MAX, 2),
            (2, usize::MAX),
            (usize::MAX, usize::MAX),
        ] {
            let result = computation.update_sg(list.get(), offset, len);
            expect(result == Err(EINVAL), fmt!("{} from {}", len, offset))?;
        }
        assert!(computation.update_sg(none, 0, 1) == Err(EINVAL));
        assert!(computation.update_sg(none, 1, 0) == Err(EINVAL));
        // These hold just as much as is asked for.
        computation.update_sg(none, 0, 0)?;
        computation.update_sg(list.get(), total, 0)?;
        let expected = mac(&key, &pieces.flat[..21]);
        assert!(computation.finish().as_bytes() == expected.as_bytes());
        let whole = mac(&key, &pieces.flat);
        assert!(tag(key, &pieces.flat[..21], &list, (21, total - 21))? == *whole.as_bytes());
        Ok(())
    }

    /// Catches a copy: an implementation gets every block at its address in the list.
    #[test]
    fn no_copy() -> Result {
        let mut random = Random::new(24);
        // Whole blocks, so that none is put together from two entries.
        let lengths = [16, 3 * PAGE_SIZE, 0, 64, PAGE_SIZE, 1600];
        let pieces = Pieces::new(&mut random, &lengths)?;
        let list = pieces.list(4)?;
        let key = random.key();
        let registered = Registered::new(c"kunit-watching", HIGH, watching)?;
        pieces.watch();
        let tag = tag(key, &[], &list, (0, pieces.flat.len()))?;
        let counts = seen();
        registered.unregister()?;
        assert!(counts == (pieces.flat.len() / 16, 0));
        assert!(tag == *mac(&key, &pieces.flat).as_bytes());
        Ok(())
    }

    /// The data that the calls of the next test share.
    struct Shared<'a> {
        pieces: &'a Pieces,
        list: List<'a>,
        key: [u8; 32],
        expected: [u8; 16],
        /// The number of calls in each context.
        calls: [AtomicUsize; 3],
    }

    /// Adds a list and, in a task, where memory can be allocated, also an iterator.
    fn one_tag(shared: &Shared<'_>) -> Result<bool> {
        // SAFETY: No pointer is passed.
        let context = unsafe { lib_poly1305_kunit_context() } as usize;
        shared.calls[context].fetch_add(1, Ordering::Relaxed);
        let len = shared.pieces.flat.len();
        let mut right = tag(shared.key, &[], &shared.list, (0, len))? == shared.expected;
        if context == 0 {
            let mut iter = shared.pieces.iter(LIB_POLY1305_KUNIT_BVEC, len)?;
            stack_pin_init!(let computation = Poly1305::new(&shared.key));
            // SAFETY: Nobody writes to the pieces.
            unsafe { computation.update_iter(iter.get(), len) }?;
            right &= *computation.finish().as_bytes() == shared.expected;
        }
        Ok(right)
    }

    /// The same for C.
    ///
    /// # Safety
    ///
    /// `state` must point to a [`Shared`] that lives until this returns.
    unsafe extern "C" fn one_call(state: *mut c_void) -> bool {
        // SAFETY: By this function's requirements.
        one_tag(unsafe { &*state.cast::<Shared<'_>>() }) == Ok(true)
    }

    /// Catches a walk that works only in a task, or fails if an interrupt makes one at the same
    /// time.
    #[test]
    fn all_contexts() -> Result {
        let mut random = Random::new(25);
        let pieces = Pieces::new(&mut random, &[7, 500, 0, 1, 900, 33])?;
        let key = random.key();
        let shared = Shared {
            list: pieces.list(2)?,
            key,
            expected: *mac(&key, &pieces.flat).as_bytes(),
            pieces: &pieces,
            calls: [const { AtomicUsize::new(0) }; 3],
        };
        let state = ptr::from_ref(&shared).cast_mut().cast();
        // SAFETY: No call is left when the helper returns, until when `shared` is borrowed.
        unsafe { lib_poly1305_kunit_run_in_contexts(Some(one_call), 5000, state) };
        for calls in &shared.calls {
            assert!(calls.load(Ordering::Relaxed) > 0);
        }
        Ok(())
    }
}
