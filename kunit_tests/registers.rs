// SPDX-License-Identifier: GPL-2.0

//! Whether the implementation that is said to be active is the one that runs, by its use of vector
//! registers.

use kernel::macros::kunit_tests;

#[cfg_attr(CONFIG_ARM64, path = "../arch_arm64/implementations.rs")]
#[cfg_attr(not(CONFIG_ARM64), path = "../arch_x86/implementations.rs")]
#[macro_use]
mod implementations;

#[kunit_tests(lib_poly1305_registers)]
mod tests {
    use core::ffi::c_void;
    use core::mem::MaybeUninit;
    use core::ptr;

    use kernel::prelude::*;

    use crate::bindings::{self, lib_poly1305_ctx};
    use crate::expect;
    use crate::table::{active, each, Name};

    /// Names of implementations and the widest registers that they use, row by row.
    macro_rules! registers {
        ($({
            type: $type:ident,
            name: $name:tt,
            priority: $priority:tt,
            where_slow: $where_slow:tt,
            needs: $needs:tt,
            why_not: $why_not:tt,
            registers: $registers:tt,
            $($rest:tt)*
        })*) => {
            [$((kernel::c_str!($name), $registers)),*]
        };
    }

    /// Whether an implementation uses vector registers for long messages.
    fn is_vector(name: &Name) -> bool {
        implementations!(registers)
            .iter()
            .any(|(row, registers)| name.is(row) && *registers != "general")
    }

    /// Whether a call uses vector registers.
    fn uses_registers(mut call: impl FnMut()) -> bool {
        /// # Safety
        ///
        /// `call` must be an `F` that nothing else uses.
        unsafe extern "C" fn run<F: FnMut()>(call: *mut c_void) {
            // SAFETY: By this function's requirement.
            unsafe { (*call.cast::<F>())() };
        }
        fn of<F: FnMut()>(call: &mut F) -> bool {
            // SAFETY: The function gets what it asks for, and does not sleep.
            unsafe {
                bindings::lib_poly1305_kunit_uses_registers(
                    Some(run::<F>),
                    ptr::from_mut(call).cast(),
                )
            }
        }
        of(&mut call)
    }

    /// Catches vector code that is active and never runs for a message, for example because it gets
    /// no workspace or no section; and code of another implementation that runs in place of the
    /// active or the pinned one. Each implementation is selected in turn.
    #[test]
    fn active_code_runs() -> Result {
        let data = KVVec::from_elem(0x5a_u8, 65_536, GFP_KERNEL)?;
        let key = [0xa5_u8; 32];
        each(|| {
            let name = active();
            let vectors = is_vector(&name);
            for len in [0, 16, 2048, 4096, 65_536] {
                let expected = vectors && len >= 2048;
                let mut tag = [0; 16];
                // SAFETY: All of it is valid, as references and slices are.
                let mac = uses_registers(|| unsafe {
                    bindings::lib_poly1305_mac(tag.as_mut_ptr(), key.as_ptr(), data.as_ptr(), len)
                });
                expect(mac == expected, fmt!("mac of {} bytes: {}", len, mac))?;
                // SAFETY: As above.
                let verify = uses_registers(|| unsafe {
                    bindings::lib_poly1305_verify(tag.as_ptr(), key.as_ptr(), data.as_ptr(), len);
                });
                expect(
                    verify == expected,
                    fmt!("verify of {} bytes: {}", len, verify),
                )?;
                let mut ctx = MaybeUninit::<lib_poly1305_ctx>::uninit();
                // SAFETY: Context and key are valid.
                unsafe { bindings::lib_poly1305_init(ctx.as_mut_ptr(), key.as_ptr()) };
                // SAFETY: The context was begun just now; all of it is valid.
                let update = uses_registers(|| unsafe {
                    bindings::lib_poly1305_update(ctx.as_mut_ptr(), data.as_ptr(), len)
                });
                // SAFETY: As above.
                unsafe { bindings::lib_poly1305_final(ctx.as_mut_ptr(), tag.as_mut_ptr()) };
                expect(
                    update == expected,
                    fmt!("update of {} bytes: {}", len, update),
                )?;
                // SAFETY: NULL is for the active one.
                let pin = unsafe { bindings::lib_poly1305_get_nosleep(ptr::null()) };
                let pin = kernel::error::from_err_ptr(pin)?;
                // SAFETY: As above; the pin is there, until it is let go.
                let pinned = uses_registers(|| unsafe {
                    bindings::lib_poly1305_pin_mac(
                        pin,
                        tag.as_mut_ptr(),
                        key.as_ptr(),
                        data.as_ptr(),
                        len,
                    )
                });
                // SAFETY: The pin is not used any more.
                unsafe { bindings::lib_poly1305_put(pin) };
                expect(
                    pinned == expected,
                    fmt!("pinned, {} bytes: {}", len, pinned),
                )?;
            }
            Ok(())
        })
    }
}
