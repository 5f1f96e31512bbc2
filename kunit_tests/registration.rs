// SPDX-License-Identifier: GPL-2.0

//! Which implementations are registered, and which is active.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_registration)]
mod tests {
    use kernel::prelude::*;
    use pin_init::stack_pin_init;

    use crate::bindings::{self, lib_poly1305_ops};
    use crate::expect;
    use crate::lib_poly1305::{mac, Pinned, Poly1305};
    use crate::reference;
    use crate::table::{active, calls, counting, decline, ops, register, select, Registered, HIGH};

    /// A message of several blocks.
    const MESSAGE: [u8; 100] = [0x5a; 100];

    /// Whether a tag is right.
    fn works() -> bool {
        let key = [0xa5; 32];
        *mac(&key, &MESSAGE).as_bytes() == reference::mac(&key, &MESSAGE)
    }

    /// Catches an implementation that is active by the order of registering or unregistering
    /// instead of its priority, a call of another one than the active one, and an active one that
    /// is not called.
    #[test]
    fn highest_priority_is_active() -> Result {
        let before = active();
        let middle = Registered::new(c"kunit-middle", HIGH + 1, counting::<0>)?;
        assert!(active().is(c"kunit-middle"));
        let high = Registered::new(c"kunit-high", HIGH + 2, counting::<1>)?;
        assert!(active().is(c"kunit-high"));
        let low = Registered::new(c"kunit-low", HIGH, counting::<2>)?;
        assert!(active().is(c"kunit-high"));

        let counts = [calls::<0>(), calls::<1>(), calls::<2>()];
        assert!(works());
        assert!(calls::<1>() > counts[1]);
        assert!(calls::<0>() == counts[0] && calls::<2>() == counts[2]);

        high.unregister()?;
        assert!(active().is(c"kunit-middle"));
        low.unregister()?;
        assert!(active().is(c"kunit-middle"));
        middle.unregister()?;
        assert!(active() == before);
        let counts = [calls::<0>(), calls::<1>(), calls::<2>()];
        assert!(works());
        assert!([calls::<0>(), calls::<1>(), calls::<2>()] == counts);
        Ok(())
    }

    /// Catches a needless change of the active one.
    #[test]
    fn first_of_one_priority_stays() -> Result {
        let _first = Registered::new(c"kunit-first", HIGH, counting::<0>)?;
        let _second = Registered::new(c"kunit-second", HIGH, counting::<1>)?;
        assert!(active().is(c"kunit-first"));
        Ok(())
    }

    /// Catches two implementations of one name, and one that is in the table twice.
    #[test]
    fn duplicates() -> Result {
        let first = Registered::new(c"kunit-twin", HIGH, counting::<0>)?;
        let mut twin = ops(c"kunit-twin", HIGH + 1, counting::<1>);
        assert!(register(&twin) == Err(EEXIST));
        let generic = ops(c"generic", HIGH + 1, counting::<1>);
        assert!(register(&generic) == Err(EEXIST));
        assert!(active().is(c"kunit-twin"));
        // The same structure under another name.
        twin.name = c"kunit-other".as_char_ptr();
        register(&twin)?;
        twin.name = c"kunit-third".as_char_ptr();
        let again = register(&twin);
        // SAFETY: An FFI call without requirements.
        let gone = unsafe { bindings::lib_poly1305_unregister(&twin) };
        assert!(again == Err(EEXIST));
        assert_eq!(gone, 0);
        assert!(active().is(c"kunit-twin"));
        first.unregister()?;
        // The name is free again.
        Registered::new(c"kunit-twin", HIGH, counting::<0>)?.unregister()
    }

    /// Catches a field that is not checked, and a refusal that leaves something behind.
    #[test]
    fn bad_fields() -> Result {
        let before = active();
        let good = || ops(c"kunit-good", HIGH, counting::<0>);
        let refused = |what: &str, expected: Error, change: fn(&mut lib_poly1305_ops)| {
            let mut ops = good();
            change(&mut ops);
            let result = register(&ops);
            // SAFETY: An FFI call without requirements.
            let there = unsafe { bindings::lib_poly1305_unregister(&ops) } == 0;
            expect(
                result == Err(expected) && !there && active() == before,
                fmt!("{}: {:?}", what, result),
            )
        };
        refused("newer ABI", ENOEXEC, |ops| ops.abi_version += 1)?;
        refused("ABI 0", ENOEXEC, |ops| ops.abi_version = 0)?;
        refused("larger", ENOEXEC, |ops| ops.size += 8)?;
        refused("smaller", ENOEXEC, |ops| ops.size -= 8)?;
        refused("no name", EINVAL, |ops| ops.name = core::ptr::null())?;
        refused("empty name", EINVAL, |ops| ops.name = c"".as_char_ptr())?;
        refused("auto", EINVAL, |ops| ops.name = c"auto".as_char_ptr())?;
        refused("a space", EINVAL, |ops| {
            ops.name = c"kunit good".as_char_ptr()
        })?;
        refused("a newline", EINVAL, |ops| {
            ops.name = c"kunit\n".as_char_ptr()
        })?;
        refused("a capital", EINVAL, |ops| ops.name = c"Kunit".as_char_ptr())?;
        refused("32 bytes", EINVAL, |ops| {
            ops.name = c"kunit-5678901234567890123456789012".as_char_ptr();
        })?;
        refused("priority", EINVAL, |ops| ops.priority = -1)?;
        refused("no function", EINVAL, |ops| ops.blocks = None)?;
        refused("owner", EINVAL, |ops| {
            // Built in, there is no module; any address is one that does not hold the code.
            ops.owner = if ops.owner.is_null() {
                static NOT_A_MODULE: [u64; 512] = [0; 512];
                (&raw const NOT_A_MODULE).cast_mut().cast()
            } else {
                core::ptr::null_mut()
            };
        })?;
        // SAFETY: FFI calls without requirements.
        refused("function in init memory", EINVAL, |ops| unsafe {
            bindings::lib_poly1305_kunit_init_text(ops);
        })?;
        // SAFETY: As above.
        refused("function in data", EINVAL, |ops| unsafe {
            bindings::lib_poly1305_kunit_data(ops);
        })?;
        // SAFETY: NULL is refused.
        let result = unsafe { bindings::lib_poly1305_register(core::ptr::null()) };
        assert_eq!(result, EINVAL.to_errno());
        // With nothing wrong it is taken, and the longest name is one.
        Registered::new(c"kunit-good", HIGH, counting::<0>)?.unregister()?;
        Registered::new(c"kunit-789012345678901234567-901", HIGH, counting::<0>)?.unregister()
    }

    /// Catches a selection that does not take precedence over priorities, is lost while its
    /// implementation is not registered, or is changed by one that fails.
    #[test]
    fn selection() -> Result {
        let before = active();
        let low = Registered::new(c"kunit-low", 0, counting::<0>)?;
        let high = Registered::new(c"kunit-high", HIGH, counting::<1>)?;
        let result = (|| {
            select(c"kunit-low")?;
            expect(active().is(c"kunit-low"), fmt!("selected"))?;
            let (lows, highs) = (calls::<0>(), calls::<1>());
            expect(works(), fmt!("selected: works"))?;
            expect(
                calls::<0>() > lows && calls::<1>() == highs,
                fmt!("selected: called"),
            )?;
            // What is not there cannot be selected, and leaves things as they are.
            for name in [c"kunit-none", c"none at all", c"", c"KUNIT-LOW"] {
                let error = if name == c"kunit-none" {
                    ENOENT
                } else {
                    EINVAL
                };
                expect(select(name) == Err(error), fmt!("select {:?}", name))?;
                expect(active().is(c"kunit-low"), fmt!("still selected"))?;
            }
            low.unregister()?;
            expect(active().is(c"kunit-high"), fmt!("the best meanwhile"))?;
            let back = Registered::new(c"kunit-low", 0, counting::<0>)?;
            expect(active().is(c"kunit-low"), fmt!("selected again"))?;
            select(c"generic")?;
            expect(active().is(c"generic"), fmt!("generic"))?;
            back.unregister()?;
            select(c"auto")?;
            expect(active().is(c"kunit-high"), fmt!("auto"))
        })();
        select(c"auto")?;
        result?;
        high.unregister()?;
        assert!(active() == before);
        Ok(())
    }

    /// Catches an unregistering that removes the wrong implementation, or one twice.
    #[test]
    fn unregister_what_is_not_there() -> Result {
        let there = Registered::new(c"kunit-there", HIGH, counting::<0>)?;
        let stranger = ops(c"kunit-there", HIGH, counting::<0>);
        // SAFETY: FFI calls without requirements.
        unsafe {
            assert_eq!(
                bindings::lib_poly1305_unregister(&stranger),
                ENOENT.to_errno()
            );
            assert_eq!(
                bindings::lib_poly1305_try_unregister(&stranger),
                ENOENT.to_errno()
            );
        }
        assert!(active().is(c"kunit-there"));
        there.unregister()?;
        assert!(there.unregister() == Err(ENOENT));
        Ok(())
    }

    /// Catches a declined implementation that is reported as not loaded, or that cannot be
    /// registered afterwards; and one that is still declined after that.
    #[test]
    fn declining() -> Result {
        assert_eq!(decline(c"kunit-declined"), ENODEV.to_errno());
        assert!(Pinned::get(Some(c"kunit-declined")).err() == Some(ENODEV));
        assert!(Pinned::get_nosleep(Some(c"kunit-declined")).err() == Some(ENODEV));
        assert!(select(c"kunit-declined") == Err(ENODEV));
        // Twice is as good as once.
        assert_eq!(decline(c"kunit-declined"), ENODEV.to_errno());
        assert!(Pinned::get(Some(c"kunit-declined")).err() == Some(ENODEV));
        let came = Registered::new(c"kunit-declined", HIGH, counting::<0>)?;
        drop(Pinned::get(Some(c"kunit-declined"))?);
        came.unregister()?;
        assert!(Pinned::get(Some(c"kunit-declined")).err() == Some(ENOENT));
        // A name that is none.
        assert_eq!(decline(c"no name"), ENODEV.to_errno());
        Ok(())
    }

    /// Catches a self-test, or waiting for calls, that delays loading or unloading of a module
    /// noticeably, under emulation and with all checks.
    #[test]
    fn no_time_is_lost() -> Result {
        let mut times = [0; 11];
        for time in &mut times {
            // SAFETY: An FFI call without requirements.
            let begun = unsafe { bindings::lib_poly1305_kunit_us() };
            Registered::new(c"kunit-timed", HIGH, counting::<0>)?.unregister()?;
            // SAFETY: As above.
            *time = unsafe { bindings::lib_poly1305_kunit_us() } - begun;
        }
        // The one that half of the others are not above.
        let below = |limit: u64| times.iter().filter(|time| **time <= limit).count();
        let middle = times.iter().filter(|time| below(**time) > times.len() / 2);
        let median = middle.copied().min().unwrap_or(u64::MAX);
        pr_info!("register and unregister: {} us, of {:?}\n", median, times);
        // An emulator that counts instructions takes some 100 ms for the self-test.
        assert!(median < 500_000);
        Ok(())
    }

    /// Catches a computation that is bound to the implementation that began it, and a state that is
    /// not in interchange form where another one continues.
    #[test]
    fn swap_in_the_middle() -> Result {
        let key = [0xa5; 32];
        let data = [0xff; 16 * 60];
        let expected = reference::mac(&key, &data);
        stack_pin_init!(let computation = Poly1305::new(&key));
        let mut pieces = data.chunks(24);
        let first = Registered::new(c"kunit-first", HIGH, counting::<0>)?;
        for round in 0..20 {
            let counts = (calls::<0>(), calls::<1>());
            computation.update(pieces.next().unwrap_or_default());
            expect(calls::<0>() > counts.0, fmt!("round {}: first", round))?;
            {
                let _second = Registered::new(c"kunit-second", HIGH + 1, counting::<1>)?;
                let now = (calls::<0>(), calls::<1>());
                computation.update(pieces.next().unwrap_or_default());
                expect(
                    calls::<0>() == now.0 && calls::<1>() > now.1,
                    fmt!("round {}: second", round),
                )?;
            }
        }
        first.unregister()?;
        assert!(*computation.finish().as_bytes() == expected);
        Ok(())
    }
}
