// SPDX-License-Identifier: GPL-2.0

//! Messages of more than 4 GiB: on user-mode Linux only, where they take seconds, not minutes.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_huge)]
mod tests {
    use core::{ptr, slice};

    use kernel::prelude::*;

    use crate::bindings::{lib_poly1305_kunit_map_zeroes, lib_poly1305_kunit_unmap};
    use crate::lib_poly1305::{mac, Key, Poly1305};

    /// Catches a length or a count of bytes that is cut to 32 bits on its way.
    ///
    /// All pages of the message are one page of zeroes, and `r = 1`: each block adds 2^128. There
    /// are 2^28 + 256 of them, so that the sum is `2^156 + 2^136`: by `2^130 = 5`, that is
    /// `5 * 2^26 + 5 * 2^6`.
    #[test]
    fn over_4_gib() -> Result {
        const LEN: usize = (4 << 30) + 4096;
        let expected = ((5 << 26) + (5 << 6) as u128).to_le_bytes();
        let mut raw_key = [0; 32];
        raw_key[0] = 1;

        // SAFETY: No pointer is passed.
        let zeroes = unsafe { lib_poly1305_kunit_map_zeroes(LEN) };
        if zeroes.is_null() {
            return Err(ENOMEM);
        }
        // SAFETY: As many bytes are mapped, until they are unmapped below.
        let message = unsafe { slice::from_raw_parts(zeroes.cast::<u8>(), LEN) };
        let one_shot = mac(&Key::new(raw_key), message);
        let mut computation = Poly1305::new(&Key::new(raw_key));
        computation.update(&message[..1]);
        computation.update(&message[1..]);
        let incremental = computation.finish();
        // SAFETY: Nothing refers to the message any more.
        unsafe { lib_poly1305_kunit_unmap(ptr::from_ref(message).cast()) };

        assert!(*one_shot.as_bytes() == expected);
        assert!(*incremental.as_bytes() == expected);
        Ok(())
    }
}
