// SPDX-License-Identifier: GPL-2.0

//! Pins, and what they keep loaded.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_pins)]
mod tests {
    use core::cell::Cell;
    use core::ptr;
    use core::sync::atomic::{AtomicUsize, Ordering};

    use kernel::ffi::c_void;
    use kernel::prelude::*;
    use pin_init::stack_pin_init;

    use crate::bindings;
    use crate::expect;
    use crate::lib_poly1305::{mac, Pinned, Poly1305};
    use crate::random::Random;
    use crate::reference;
    use crate::table::{active, calls, counting, Registered, HIGH};

    /// Catches an implementation that is unregistered under a pin, and a pin that is lost.
    #[test]
    fn pinned_is_busy() -> Result {
        let there = Registered::new(c"kunit-pinned", HIGH, counting::<0>)?;
        let by_name = Pinned::get(Some(c"kunit-pinned"))?;
        let by_default = Pinned::get(None)?;
        assert!(by_name.name() == c"kunit-pinned");
        assert!(by_default.name() == c"kunit-pinned");
        for pin in [by_name, by_default] {
            assert!(there.unregister() == Err(EBUSY));
            assert!(there.try_unregister() == Err(EBUSY));
            assert!(active().is(c"kunit-pinned"));
            drop(pin);
        }
        there.unregister()?;
        assert!(!active().is(c"kunit-pinned"));
        Ok(())
    }

    /// Catches a call through a pin that goes to the active one instead.
    #[test]
    fn pin_goes_to_its_own() -> Result {
        let mut random = Random::new(20);
        let mut data = [0; 600];
        random.fill(&mut data);
        let pinned = Registered::new(c"kunit-pinned", 0, counting::<0>)?;
        let other = Registered::new(c"kunit-other", HIGH, counting::<1>)?;
        let pin = Pinned::get(Some(c"kunit-pinned"))?;
        for _ in 0..50 {
            let key = random.key();
            let len = random.below(data.len() - 31) + 32;
            let expected = reference::mac(&key, &data[..len]);
            let others = calls::<1>();

            let own = calls::<0>();
            let tag = pin.mac(&key, &data[..len]);
            expect(
                *tag.as_bytes() == expected && calls::<0>() > own && calls::<1>() == others,
                fmt!("one-shot, length {}", len),
            )?;
            // A computation goes from the active one to the pinned one and back.
            stack_pin_init!(let computation = Poly1305::new(&key));
            computation.update(&data[..16]);
            let own = calls::<0>();
            let others = calls::<1>();
            pin.update(&mut computation, &data[16..32]);
            expect(
                calls::<0>() > own && calls::<1>() == others,
                fmt!("update, length {}", len),
            )?;
            computation.update(&data[32..len]);
            expect(
                *computation.finish().as_bytes() == expected,
                fmt!("both, length {}", len),
            )?;
        }
        drop(pin);
        other.unregister()?;
        pinned.unregister()
    }

    /// Catches a wrong kind of absence: no implementation of that name, or one that is not loaded.
    #[test]
    fn absent() -> Result {
        assert!(Pinned::get(Some(c"kunit-none")).err() == Some(ENOENT));
        assert!(Pinned::get_nosleep(Some(c"kunit-none")).err() == Some(ENOENT));
        assert!(Pinned::get(Some(c"not a name")).err() == Some(ENOENT));
        assert!(Pinned::get(Some(c"")).err() == Some(ENOENT));
        // "auto" is no implementation.
        assert!(Pinned::get(Some(c"auto")).err() == Some(ENOENT));
        Ok(())
    }

    /// Catches a portable implementation that cannot be pinned, and a default that is not the
    /// active one.
    #[test]
    fn generic_is_always_there() -> Result {
        let generic = Pinned::get_nosleep(Some(c"generic"))?;
        assert!(generic.name() == c"generic");
        let active_one = Pinned::get_nosleep(None)?;
        assert!(active().is(active_one.name()));
        Ok(())
    }

    /// The message of [`pins_in_all_contexts`], and its tag by the reference.
    const KEY: [u8; 32] = [0x69; 32];
    static MESSAGE: [u8; 700] = [0x96; 700];
    static TAG: [AtomicUsize; 2] = [const { AtomicUsize::new(0) }; 2];

    /// Takes a pin, computes by it and by the active implementation, and releases it.
    ///
    /// # Safety
    ///
    /// None; the type is C's.
    unsafe extern "C" fn one_pin(_state: *mut c_void) -> bool {
        let Ok(pin) = Pinned::get_nosleep(Some(c"kunit-pinned")) else {
            return false;
        };
        let Ok(other) = Pinned::get_nosleep(None) else {
            return false;
        };
        let right = |tag: &[u8; 16]| {
            let tag = u128::from_le_bytes(*tag);
            tag as usize == TAG[0].load(Ordering::Relaxed)
                && (tag >> 64) as usize == TAG[1].load(Ordering::Relaxed)
        };
        right(pin.mac(&KEY, &MESSAGE).as_bytes())
            && right(other.mac(&KEY, &MESSAGE).as_bytes())
            && right(mac(&KEY, &MESSAGE).as_bytes())
            && {
                stack_pin_init!(let computation = Poly1305::new(&KEY));
                pin.update(&mut computation, &MESSAGE[..100]);
                computation.update(&MESSAGE[100..500]);
                other.update(&mut computation, &MESSAGE[500..]);
                right(computation.finish().as_bytes())
            }
    }

    /// Catches a lock that hardirq context may not take: one that sleeps on some kernels, as
    /// lockdep detects, or one that its own CPU may hold already.
    #[test]
    fn pins_in_all_contexts() -> Result {
        let there = Registered::new(c"kunit-pinned", 0, counting::<0>)?;
        let tag = u128::from_le_bytes(reference::mac(&KEY, &MESSAGE));
        TAG[0].store(tag as usize, Ordering::Relaxed);
        TAG[1].store((tag >> 64) as usize, Ordering::Relaxed);
        // SAFETY: `one_pin` looks at no state.
        unsafe {
            bindings::lib_poly1305_kunit_run_in_contexts(Some(one_pin), 100_000, ptr::null_mut())
        };
        // None is left behind.
        there.unregister()
    }

    /// Catches a function for atomic context that waits, or that removes an implementation in use.
    #[test]
    fn without_sleeping() -> Result {
        let there = Registered::new(c"kunit-there", HIGH, counting::<0>)?;
        let results = Cell::new(None);
        let atomic = |f: &dyn Fn()| {
            // SAFETY: The two calls belong together, and nothing between them sleeps.
            unsafe { bindings::lib_poly1305_kunit_atomic_begin() };
            f();
            // SAFETY: As above.
            unsafe { bindings::lib_poly1305_kunit_atomic_end() };
        };
        // Active: nothing happens.
        atomic(&|| results.set(Some(there.try_unregister())));
        assert!(results.take() == Some(Err(EAGAIN)));
        assert!(active().is(c"kunit-there"));
        // Pins work there, and hold it.
        atomic(&|| {
            let pin = Pinned::get_nosleep(Some(c"kunit-there"));
            results.set(Some(there.try_unregister()));
            drop(pin);
        });
        assert!(results.take() == Some(Err(EBUSY)));

        // Standby: once calls of it are over, it goes. They are within a second or so.
        let better = Registered::new(c"kunit-better", HIGH + 1, counting::<1>)?;
        let mut tries = 0;
        loop {
            atomic(&|| results.set(Some(there.try_unregister())));
            match results.take() {
                Some(Err(e)) if e == EAGAIN && tries < 500 => tries += 1,
                Some(result) => break result?,
                None => return Err(EINVAL),
            }
            // SAFETY: A test may sleep.
            unsafe { bindings::lib_poly1305_kunit_sleep_ms(10) };
        }
        assert!(there.unregister() == Err(ENOENT));

        // Standby that was never active goes at once.
        let never = Registered::new(c"kunit-never", 0, counting::<0>)?;
        atomic(&|| results.set(Some(never.try_unregister())));
        assert!(results.take() == Some(Ok(())));
        better.unregister()
    }
}
