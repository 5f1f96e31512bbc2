// SPDX-License-Identifier: GPL-2.0

//! Several implementations that a Rust module registers and unregisters.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_providers)]
mod tests {
    use core::ptr;
    use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

    use kernel::ffi::c_void;
    use kernel::prelude::*;

    use crate::bindings;
    use crate::expect;
    use crate::generic::{State, Workspace};
    use crate::lib_poly1305::Pinned;
    use crate::lib_poly1305_provider::{
        wrong_results, Candidate, Detect, Implementation, Registration, Registrations,
    };
    use crate::table::{active, counting, decline, module, Registered, HIGH};
    use crate::threads::Threads;

    /// An implementation: its name, its priority, and the number of blocks that it skips.
    macro_rules! implementation {
        ($type:ident, $name:expr, $priority:expr, $skipped:expr) => {
            struct $type;

            impl Implementation for $type {
                const NAME: &'static CStr = $name;

                fn priority(&self) -> i32 {
                    $priority
                }

                fn absorb(&self, state: &mut State, _: Option<&mut Workspace<'_>>, blocks: &[u8]) {
                    state.absorb(&blocks[16 * $skipped..]);
                }
            }
        };
    }

    implementation!(Best, c"kunit-best", HIGH + 3, 0);
    implementation!(Wrong, c"kunit-wrong", HIGH + 2, 1);
    implementation!(Worst, c"kunit-worst", HIGH + 1, 0);
    implementation!(Unnamed, c"kunit unnamed", HIGH, 0);
    implementation!(Absent, c"kunit-absent", HIGH + 4, 0);

    impl Detect for Absent {
        const WHY_NOT: &'static CStr = c"a test says so";

        fn detect() -> Option<Self> {
            None
        }
    }

    /// The error of pinning a name, or success.
    fn pin(name: &CStr) -> Result {
        Pinned::get_nosleep(Some(name)).map(drop)
    }

    /// Reverts the declining of a name.
    fn undecline(name: &'static CStr) -> Result {
        Registered::new(name, 0, counting::<0>)?.unregister()
    }

    /// # Safety
    ///
    /// None; the type is C's.
    unsafe extern "C" fn worst_is_not_active(_state: *mut c_void) -> bool {
        !active().is(Worst::NAME)
    }

    /// Catches an order of registering or unregistering in which another implementation than the
    /// one of the highest priority is active for a moment, in whatever order they are listed.
    #[test]
    fn best_first_and_last() -> Result {
        let before = active();
        let threads = Threads::start(worst_is_not_active)?;
        for round in 0..4 {
            let both = if round % 2 == 0 {
                [Candidate::new(Worst), Candidate::new(Best)]
            } else {
                [Candidate::new(Best), Candidate::new(Worst)]
            };
            let both = Registrations::new(module()?, both)?;
            expect(active().is(Best::NAME), fmt!("round {}", round))?;
            pin(Worst::NAME)?;
            drop(both);
            expect(active() == before, fmt!("round {}: all gone", round))?;
        }
        threads.stop()?;
        Ok(())
    }

    /// Catches a wrong implementation that makes the others of its module fail, and one that is not
    /// declined.
    #[test]
    fn wrong_one() -> Result {
        let before = active();
        let candidates = [
            Candidate::detect::<Absent>(),
            Candidate::new(Wrong),
            Candidate::new(Worst),
        ];
        let rest = Registrations::new(module()?, candidates)?;
        assert!(active().is(Worst::NAME));
        assert!(pin(Wrong::NAME) == Err(ENODEV));
        assert!(pin(Absent::NAME) == Err(ENODEV));
        drop(rest);
        assert!(active() == before);
        undecline(Wrong::NAME)?;
        undecline(Absent::NAME)
    }

    /// Catches a taken name that makes the others of the module fail, or removes the implementation
    /// that has it.
    #[test]
    fn taken_name() -> Result {
        let other = Registered::new(Best::NAME, 0, counting::<0>)?;
        let candidates = [Candidate::new(Best), Candidate::new(Worst)];
        let rest = Registrations::new(module()?, candidates)?;
        assert!(active().is(Worst::NAME));
        drop(rest);
        pin(Best::NAME)?;
        other.unregister()
    }

    /// Catches a module that stays loaded with nothing registered, or fails with the wrong error.
    #[test]
    fn none_left() -> Result {
        let absent = [Candidate::detect::<Absent>()];
        assert!(Registrations::new(module()?, absent).err() == Some(ENODEV));
        assert!(pin(Absent::NAME) == Err(ENODEV));
        undecline(Absent::NAME)?;

        let wrong = [Candidate::new(Wrong)];
        assert!(Registrations::new(module()?, wrong).err() == Some(wrong_results()));
        assert!(pin(Wrong::NAME) == Err(ENODEV));
        undecline(Wrong::NAME)?;

        let other = Registered::new(Best::NAME, 0, counting::<0>)?;
        let taken = [Candidate::new(Best)];
        assert!(Registrations::new(module()?, taken).err() == Some(EEXIST));
        other.unregister()
    }

    /// Catches a module that fails as a whole, but leaves something registered.
    #[test]
    fn roll_back() -> Result {
        let before = active();
        let candidates = [
            Candidate::detect::<Absent>(),
            Candidate::new(Best),
            Candidate::new(Worst),
            Candidate::new(Unnamed),
        ];
        assert!(Registrations::new(module()?, candidates).err() == Some(EINVAL));
        assert!(active() == before);
        for name in [Absent::NAME, Best::NAME, Worst::NAME] {
            expect(pin(name) == Err(ENOENT), fmt!("{:?} is left", name))?;
        }
        Ok(())
    }

    /// Makes each allocation of `f` fail in turn, until none is left to fail. Returns how many made
    /// `f` fail.
    fn fail_each(mut f: impl FnMut() -> Result, left: impl Fn() -> bool) -> Result<usize> {
        let mut failures = 0;
        for n in 1..100 {
            // SAFETY: FFI calls without requirements.
            unsafe { bindings::lib_poly1305_kunit_fail_nth(n) };
            let result = f();
            // SAFETY: As above.
            let failed = unsafe { bindings::lib_poly1305_kunit_did_fail() };
            let told = result.is_ok() || (failed && result == Err(ENOMEM));
            expect(told && !left(), fmt!("allocation {}: {:?}", n, result))?;
            if !failed {
                break;
            }
            failures += usize::from(result.is_err());
        }
        if failures == 0 {
            // SAFETY: There is a current test.
            unsafe { bindings::lib_poly1305_kunit_skip() };
        }
        Ok(failures)
    }

    /// Catches an allocation failure that leaves some implementations of a module registered.
    #[test]
    fn roll_back_without_memory() -> Result {
        let before = active();
        let module = module()?;
        let failures = fail_each(
            || {
                let both = [Candidate::new(Best), Candidate::new(Worst)];
                Registrations::new(module, both).map(drop)
            },
            || active() != before || pin(Best::NAME).is_ok() || pin(Worst::NAME).is_ok(),
        )?;
        // The list, and for each the structure and what registering needs.
        assert!(failures == 0 || failures >= 9);
        Ok(())
    }

    /// Catches declining without memory that reports success, or does not decline.
    #[test]
    fn decline_without_memory() -> Result {
        // SAFETY: FFI calls without requirements.
        unsafe { bindings::lib_poly1305_kunit_fail_nth(1) };
        let declined = decline(c"kunit-forgotten");
        // SAFETY: As above.
        let failed = unsafe { bindings::lib_poly1305_kunit_did_fail() };
        let forgotten = pin(c"kunit-forgotten") == Err(ENOENT);
        assert_eq!(declined, ENODEV.to_errno());
        assert_eq!(decline(c"kunit-forgotten"), ENODEV.to_errno());
        let remembered = pin(c"kunit-forgotten") == Err(ENODEV);
        undecline(c"kunit-forgotten")?;
        assert!(remembered);
        if !failed {
            // SAFETY: There is a current test.
            unsafe { bindings::lib_poly1305_kunit_skip() };
        }
        assert!(forgotten == failed);
        Ok(())
    }

    /// A pin that a thread releases, and when it may, in microseconds.
    static PIN: AtomicPtr<bindings::lib_poly1305_pin> = AtomicPtr::new(ptr::null_mut());
    static WHEN: AtomicUsize = AtomicUsize::new(0);

    fn now() -> usize {
        // SAFETY: An FFI call without requirements.
        unsafe { bindings::lib_poly1305_kunit_us() as usize }
    }

    /// # Safety
    ///
    /// None; the type is C's.
    unsafe extern "C" fn let_go(_state: *mut c_void) -> bool {
        if now() >= WHEN.load(Ordering::SeqCst) {
            let pin = PIN.swap(ptr::null_mut(), Ordering::SeqCst);
            if !pin.is_null() {
                // SAFETY: The pin is nobody else's.
                unsafe { bindings::lib_poly1305_put(pin) };
            }
        }
        true
    }

    /// Catches a registration that is dropped while it is pinned, without waiting.
    #[test]
    fn dropping_waits_for_pins() -> Result {
        let registration = KBox::pin_init(Registration::register(module()?, Best), GFP_KERNEL)?;
        // SAFETY: The name is a string.
        let pin = unsafe { bindings::lib_poly1305_get_nosleep(Best::NAME.as_char_ptr()) };
        PIN.store(kernel::error::from_err_ptr(pin)?, Ordering::SeqCst);
        WHEN.store(now() + 500_000, Ordering::SeqCst);
        let threads = Threads::start(let_go)?;
        drop(registration);
        let waited = now() >= WHEN.load(Ordering::SeqCst);
        let held = !PIN.load(Ordering::SeqCst).is_null();
        threads.stop()?;
        assert!(waited && !held);
        assert!(Pinned::get_nosleep(Some(Best::NAME)).err() == Some(ENOENT));
        Ok(())
    }
}
