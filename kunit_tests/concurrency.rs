// SPDX-License-Identifier: GPL-2.0

//! Callers on every CPU while implementations are registered and unregistered.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_concurrency)]
mod tests {
    use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use kernel::ffi::c_void;
    use kernel::prelude::*;
    use pin_init::stack_pin_init;

    use crate::bindings::{self, lib_poly1305_state, lib_poly1305_workspace};
    use crate::expect;
    use crate::lib_poly1305::{mac, Pinned, Poly1305};
    use crate::reference;
    use crate::table::{absorb, active, register, select, Registered, HIGH};
    use crate::threads::{sleep_ms, Threads};

    /// The message of all threads, longer than a chunk.
    static MESSAGE: [u8; 5000] = [0xc3; 5000];
    const KEY: [u8; 32] = [0x3c; 32];

    /// The number of bytes that each call adds in turn.
    static TURN: AtomicUsize = AtomicUsize::new(0);
    const LENGTHS: [usize; 4] = [16, 150, 1420, 5000];

    /// Their tags, by the reference.
    static TAGS: [[AtomicUsize; 2]; 4] = [const { [const { AtomicUsize::new(0) }; 2] }; 4];

    fn compute_tags() {
        for (len, tag) in LENGTHS.iter().zip(&TAGS) {
            let expected = u128::from_le_bytes(reference::mac(&KEY, &MESSAGE[..*len]));
            tag[0].store(expected as usize, Ordering::Relaxed);
            tag[1].store((expected >> 64) as usize, Ordering::Relaxed);
        }
    }

    /// Computes a tag in one of three ways: one-shot, in pieces, or by a pin on the active
    /// implementation.
    ///
    /// # Safety
    ///
    /// None; the type is C's.
    unsafe extern "C" fn one_tag(_state: *mut c_void) -> bool {
        let turn = TURN.fetch_add(1, Ordering::Relaxed);
        let place = turn % LENGTHS.len();
        let data = &MESSAGE[..LENGTHS[place]];
        let tag = match turn / LENGTHS.len() % 3 {
            0 => mac(&KEY, data),
            1 => {
                stack_pin_init!(let computation = Poly1305::new(&KEY));
                for piece in data.chunks(100) {
                    computation.update(piece);
                }
                computation.finish()
            }
            _ => match Pinned::get_nosleep(None) {
                Ok(pin) => pin.mac(&KEY, data),
                Err(_) => return false,
            },
        };
        let tag = u128::from_le_bytes(*tag.as_bytes());
        let [low, high] = &TAGS[place];
        tag as usize == low.load(Ordering::Relaxed)
            && (tag >> 64) as usize == high.load(Ordering::Relaxed)
    }

    /// Whether the implementation `kunit-coming` is registered, and the number of calls of it while
    /// it is not.
    static THERE: AtomicBool = AtomicBool::new(false);
    static CALLED_WHEN_GONE: AtomicUsize = AtomicUsize::new(0);

    /// # Safety
    ///
    /// As the provider's header says of `blocks`.
    unsafe extern "C" fn coming(
        state: *mut lib_poly1305_state,
        _: *mut lib_poly1305_workspace,
        data: *const u8,
        nblocks: usize,
    ) {
        if !THERE.load(Ordering::SeqCst) {
            CALLED_WHEN_GONE.fetch_add(1, Ordering::SeqCst);
        }
        // SAFETY: By this function's requirements.
        unsafe { absorb(state, data, nblocks) };
    }

    /// Catches wrong tags while implementations are registered and unregistered, calls of one that
    /// is unregistered, and an unregistering that never succeeds because there are callers.
    #[test]
    fn register_and_unregister_under_callers() -> Result {
        compute_tags();
        let before = active();
        let threads = Threads::start(one_tag)?;
        for round in 0..25 {
            THERE.store(true, Ordering::SeqCst);
            let there = Registered::new(c"kunit-coming", HIGH, coming)?;
            expect(active().is(c"kunit-coming"), fmt!("round {}", round))?;
            // A thread may have a pin just now.
            let mut result = there.unregister();
            let mut tries = 0;
            while result == Err(EBUSY) && tries < 10_000 {
                tries += 1;
                sleep_ms(1);
                result = there.unregister();
            }
            THERE.store(false, Ordering::SeqCst);
            result?;
        }
        let calls = threads.stop()?;
        assert!(calls > 0);
        assert_eq!(CALLED_WHEN_GONE.load(Ordering::SeqCst), 0);
        assert!(active() == before);
        Ok(())
    }

    /// Catches wrong tags while the selection changes.
    #[test]
    fn select_under_callers() -> Result {
        compute_tags();
        THERE.store(true, Ordering::SeqCst);
        let there = Registered::new(c"kunit-coming", HIGH, coming)?;
        let threads = Threads::start(one_tag)?;
        let mut result = Ok(());
        for _ in 0..200 {
            result = result
                .and_then(|()| select(c"generic"))
                .and_then(|()| select(c"kunit-coming"));
        }
        let calls = threads.stop();
        select(c"auto")?;
        result?;
        assert!(calls? > 0);
        there.unregister()
    }

    /// The number of calls of `slow` that are running, and how many milliseconds each takes.
    static INSIDE: AtomicUsize = AtomicUsize::new(0);
    static SLOW: AtomicUsize = AtomicUsize::new(0);
    static ENTERED: AtomicUsize = AtomicUsize::new(0);

    /// # Safety
    ///
    /// As the provider's header says of `blocks`.
    unsafe extern "C" fn slow(
        state: *mut lib_poly1305_state,
        _: *mut lib_poly1305_workspace,
        data: *const u8,
        nblocks: usize,
    ) {
        INSIDE.fetch_add(1, Ordering::SeqCst);
        let ms = SLOW.load(Ordering::SeqCst);
        if ms != 0 {
            ENTERED.fetch_add(1, Ordering::SeqCst);
            // SAFETY: An FFI call without requirements.
            unsafe { bindings::lib_poly1305_kunit_delay_ms(ms as u32) };
        }
        // SAFETY: By this function's requirements.
        unsafe { absorb(state, data, nblocks) };
        INSIDE.fetch_sub(1, Ordering::SeqCst);
    }

    /// # Safety
    ///
    /// None; the type is C's.
    unsafe extern "C" fn one_shot(_state: *mut c_void) -> bool {
        let _ = mac(&KEY, &MESSAGE[..64]);
        true
    }

    /// Registers `slow`, has threads call it, and unregisters it by `unregister` while calls are
    /// running. Returns how many calls are running afterwards.
    fn unregister_slow(ms: usize, unregister: impl Fn(&Registered) -> Result<usize>) -> Result {
        for round in 0..5 {
            SLOW.store(0, Ordering::SeqCst);
            let there = Registered::new(c"kunit-slow", HIGH, slow)?;
            let entered = ENTERED.load(Ordering::SeqCst);
            SLOW.store(ms, Ordering::SeqCst);
            let threads = Threads::start(one_shot)?;
            let mut waited = 0;
            while ENTERED.load(Ordering::SeqCst) == entered && waited < 1000 {
                waited += 1;
                sleep_ms(1);
            }
            let inside = unregister(&there);
            drop(threads);
            let inside = inside?;
            expect(
                waited < 1000 && inside == 0,
                fmt!("round {}: {} calls under way", round, inside),
            )?;
        }
        Ok(())
    }

    /// Catches an unregistering that returns while calls are running.
    #[test]
    fn unregister_waits_for_calls() -> Result {
        unregister_slow(20, |slow| {
            slow.unregister()?;
            Ok(INSIDE.load(Ordering::SeqCst))
        })
    }

    /// Catches an unregistering that does not wait, and does not check whether calls are running
    /// either.
    #[test]
    fn try_unregister_sees_calls() -> Result {
        // Calls that were under way before are so still when the better one is there.
        unregister_slow(300, |slow| {
            let _better = Registered::new(c"kunit-better", HIGH + 1, coming)?;
            for _ in 0..2000 {
                match slow.try_unregister() {
                    Err(e) if e == EAGAIN => sleep_ms(1),
                    result => return result.map(|()| INSIDE.load(Ordering::SeqCst)),
                }
            }
            Err(EBUSY)
        })
    }

    /// # Safety
    ///
    /// None; the type is C's.
    unsafe extern "C" fn one_change(_state: *mut c_void) -> bool {
        select(c"generic").and_then(|()| select(c"auto")).is_ok()
    }

    /// Catches a function for atomic context that takes the mutex from its holder, or releases it
    /// without holding it.
    #[test]
    fn try_unregister_during_changes() -> Result {
        let there = Registered::new(c"kunit-there", HIGH, coming)?;
        let threads = Threads::start(one_change)?;
        let mut wrong = None;
        for round in 0..2000 {
            let pin = Pinned::get_nosleep(Some(c"kunit-there"));
            let result = there.try_unregister();
            drop(pin);
            if !matches!(result, Err(e) if e == EAGAIN || e == EBUSY) {
                wrong = Some((round, result));
            }
            if round % 50 == 0 {
                sleep_ms(1);
            }
        }
        let changes = threads.stop();
        select(c"auto")?;
        expect(wrong.is_none(), fmt!("{:?}", wrong))?;
        assert!(changes? > 0);
        there.unregister()
    }

    /// Catches an allocation failure that is ignored, or leaves something behind: every allocation
    /// of registering fails in turn.
    #[test]
    fn register_without_memory() -> Result {
        let before = active();
        let mut failures = 0;
        THERE.store(true, Ordering::SeqCst);
        for n in 1..100 {
            let ops = crate::table::ops(c"kunit-coming", HIGH, coming);
            // SAFETY: FFI calls without requirements.
            unsafe { bindings::lib_poly1305_kunit_fail_nth(n) };
            let result = register(&ops);
            // SAFETY: As above.
            let failed = unsafe { bindings::lib_poly1305_kunit_did_fail() };
            // SAFETY: As above.
            let there = unsafe { bindings::lib_poly1305_unregister(&ops) } == 0;
            expect(
                active() == before,
                fmt!("allocation {}: something is left", n),
            )?;
            // The kernel's own checks allocate as well, and do without if they must.
            expect(
                match result {
                    Ok(()) => there,
                    Err(e) => e == ENOMEM && !there,
                },
                fmt!("allocation {}: {:?}", n, result),
            )?;
            if !failed {
                expect(result.is_ok(), fmt!("after {} failures", failures))?;
                break;
            }
            if result.is_err() {
                failures += 1;
            }
        }
        if failures == 0 {
            // SAFETY: There is a current test.
            unsafe { bindings::lib_poly1305_kunit_skip() };
        } else {
            // The buffer of the self-test, the place in the table, the entry.
            assert!(failures >= 3);
        }
        Ok(())
    }
}
