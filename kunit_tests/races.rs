// SPDX-License-Identifier: GPL-2.0

//! Changes that race with each other. On one CPU they show little.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_races)]
mod tests {
    use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use kernel::ffi::c_void;
    use kernel::prelude::*;

    use crate::bindings::{self, lib_poly1305_state, lib_poly1305_workspace};
    use crate::expect;
    use crate::lib_poly1305::mac;
    use crate::table::{absorb, active, calls, counting, select, Blocks, Registered, HIGH};
    use crate::threads::{sleep_ms, Threads};

    /// Calls the active implementation.
    fn call() {
        let _ = mac(&[0x3c; 32], &[0xc3; 64]);
    }

    /// An implementation for each thread: whether a thread uses it, whether it may be called, and
    /// the number of calls while it may not.
    struct Own {
        taken: AtomicBool,
        there: AtomicBool,
        called_when_gone: AtomicUsize,
    }

    const NAMES: [&CStr; 4] = [c"kunit-0", c"kunit-1", c"kunit-2", c"kunit-3"];
    const BLOCKS: [Blocks; 4] = [own::<0>, own::<1>, own::<2>, own::<3>];
    static OWN: [Own; 4] = [const {
        Own {
            taken: AtomicBool::new(false),
            there: AtomicBool::new(false),
            called_when_gone: AtomicUsize::new(0),
        }
    }; 4];

    /// # Safety
    ///
    /// As the provider's header says of `blocks`.
    unsafe extern "C" fn own<const N: usize>(
        state: *mut lib_poly1305_state,
        _: *mut lib_poly1305_workspace,
        data: *const u8,
        nblocks: usize,
    ) {
        if !OWN[N].there.load(Ordering::SeqCst) {
            OWN[N].called_when_gone.fetch_add(1, Ordering::SeqCst);
        }
        // SAFETY: By this function's requirements.
        unsafe { absorb(state, data, nblocks) };
    }

    /// The number of implementations that were registered and unregistered.
    static TURN: AtomicUsize = AtomicUsize::new(0);

    /// Registers an implementation, selects several, and unregisters it in one of two ways.
    fn come_and_go(i: usize) -> Result {
        let turn = TURN.fetch_add(1, Ordering::Relaxed);
        let standby = turn % 3 == 0;
        let priority = if standby { 0 } else { HIGH + (turn % 7) as i32 };
        OWN[i].there.store(true, Ordering::SeqCst);
        let there = Registered::new(NAMES[i], priority, BLOCKS[i])?;
        if !standby {
            for name in [NAMES[i], c"generic", NAMES[i], c"auto"] {
                select(name)?;
                call();
            }
        }
        let gone = match there.try_unregister() {
            Err(e) if e == EAGAIN => there.unregister(),
            result => result,
        };
        OWN[i].there.store(false, Ordering::SeqCst);
        for _ in 0..20 {
            call();
        }
        gone
    }

    /// # Safety
    ///
    /// None; the type is C's.
    unsafe extern "C" fn one_turn(_state: *mut c_void) -> bool {
        let Some(i) = OWN
            .iter()
            .position(|own| !own.taken.swap(true, Ordering::SeqCst))
        else {
            call();
            return true;
        };
        let result = come_and_go(i);
        OWN[i].taken.store(false, Ordering::SeqCst);
        if let Err(e) = result {
            pr_err!("{:?} in a turn\n", e);
        }
        result.is_ok()
    }

    /// Catches two changes that interleave: then the target is not the active entry of the table,
    /// and in the end one whose code is freed.
    #[test]
    fn changes_race() -> Result {
        let before = active();
        let threads = Threads::start(one_turn)?;
        sleep_ms(2000);
        let turns = threads.stop();
        select(c"auto")?;
        for (name, own) in NAMES.iter().zip(&OWN) {
            let stray = own.called_when_gone.load(Ordering::SeqCst);
            expect(
                stray == 0,
                fmt!("{} calls of {:?} when it was gone", stray, name),
            )?;
        }
        pr_info!("{:?} turns\n", turns);
        assert!(turns? > 0);
        assert!(active() == before);
        Ok(())
    }

    /// # Safety
    ///
    /// None; the type is C's.
    unsafe extern "C" fn one_selection(_state: *mut c_void) -> bool {
        let turn = TURN.fetch_add(1, Ordering::Relaxed);
        let name = [c"kunit-first", c"kunit-second"][turn % 2];
        select(name).is_ok()
    }

    /// Catches a target that belongs to another selection than the current one.
    #[test]
    fn selections_race() -> Result {
        let first = Registered::new(c"kunit-first", HIGH, counting::<0>)?;
        let second = Registered::new(c"kunit-second", HIGH, counting::<1>)?;
        let mut result = Ok(());
        for round in 0..50 {
            let threads = Threads::start(one_selection)?;
            sleep_ms(2);
            result = threads.stop().and_then(|_| {
                let counts = [calls::<0>(), calls::<1>()];
                call();
                let called = [calls::<0>() > counts[0], calls::<1>() > counts[1]];
                let active = [active().is(c"kunit-first"), active().is(c"kunit-second")];
                expect(
                    called == active && active[0] != active[1],
                    fmt!("round {}: called {:?}, active {:?}", round, called, active),
                )
            });
            if result.is_err() {
                break;
            }
        }
        select(c"auto")?;
        result?;
        first.unregister()?;
        second.unregister()
    }

    /// Whether `late` is registered; the number of its calls that are running, and of those that
    /// were slow.
    static REGISTERED: AtomicBool = AtomicBool::new(false);
    static INSIDE: AtomicUsize = AtomicUsize::new(0);
    static SLOW: AtomicUsize = AtomicUsize::new(0);

    /// Is slow if it is called after another implementation became active in the table, but before
    /// that one is the target.
    ///
    /// # Safety
    ///
    /// As the provider's header says of `blocks`.
    unsafe extern "C" fn late(
        state: *mut lib_poly1305_state,
        _: *mut lib_poly1305_workspace,
        data: *const u8,
        nblocks: usize,
    ) {
        INSIDE.fetch_add(1, Ordering::SeqCst);
        if REGISTERED.load(Ordering::SeqCst) && active().is(c"kunit-next") {
            SLOW.fetch_add(1, Ordering::SeqCst);
            // SAFETY: An FFI call without requirements.
            unsafe { bindings::lib_poly1305_kunit_delay_ms(100) };
        }
        // SAFETY: By this function's requirements.
        unsafe { absorb(state, data, nblocks) };
        INSIDE.fetch_sub(1, Ordering::SeqCst);
    }

    /// # Safety
    ///
    /// None; the type is C's.
    unsafe extern "C" fn some_calls(_state: *mut c_void) -> bool {
        for _ in 0..100 {
            call();
        }
        true
    }

    /// Catches a grace period that starts before the target has changed, so that calls that begin
    /// in between outlive it.
    #[test]
    fn grace_period_is_after_retarget() -> Result {
        let next = Registered::new(c"kunit-next", HIGH, counting::<0>)?;
        let threads = Threads::start(some_calls)?;
        let mut result = Ok(());
        for round in 0..12 {
            let late = Registered::new(c"kunit-late", HIGH + 1, late)?;
            sleep_ms(5);
            REGISTERED.store(true, Ordering::SeqCst);
            select(c"kunit-next")?;
            let mut gone = late.try_unregister();
            while gone == Err(EAGAIN) {
                sleep_ms(1);
                gone = late.try_unregister();
            }
            let inside = INSIDE.load(Ordering::SeqCst);
            REGISTERED.store(false, Ordering::SeqCst);
            result = gone.and_then(|()| {
                expect(
                    inside == 0,
                    fmt!("round {}: {} calls under way", round, inside),
                )
            });
            select(c"auto")?;
            if result.is_err() {
                break;
            }
        }
        let calls = threads.stop();
        pr_info!("{} slow calls\n", SLOW.load(Ordering::SeqCst));
        result?;
        assert!(calls? > 0);
        next.unregister()
    }
}
