// SPDX-License-Identifier: GPL-2.0

//! Which code computes.

use std::ops::RangeInclusive;

use lib_poly1305_bench::{deny_vector_registers, Implementation};
use lib_poly1305_generic::{Powers, Scratch, State, Workspace};

use crate::data::{threshold, Message};

/// How many powers of `r` an implementation left: none if it had no use for them.
fn powers_left(by: &Implementation, message: &Message, len: usize) -> u64 {
    let mut powers = Powers::none();
    let mut state = State::new(&message.key);
    let mut workspace = Workspace {
        powers: &mut powers,
        scratch: &mut Scratch::empty(),
    };
    (by.absorb)(&mut state, Some(&mut workspace), &message.data[..len]);
    // SAFETY: Their number comes first in this structure of C's layout.
    unsafe { (&raw const powers).cast::<u64>().read() }
}

/// How many it should be.
fn powers_expected(name: &str, len: usize, denied: bool) -> RangeInclusive<u64> {
    let long = match name {
        "x86_64-avx2" | "x86_64-avx512" => "LONG",
        "x86_64-avx512ifma" => "LONG_IFMA",
        "arm64-scalar" if len >= threshold("CHAINS") => return 5..=5,
        "arm64-neon" if denied => return powers_expected("arm64-scalar", len, denied),
        "arm64-neon" if len >= threshold("SHORT") => return 3..=3,
        _ => return 0..=0,
    };
    if denied || len < threshold("SHORT") {
        0..=0
    } else if len & !63 >= threshold(long) {
        // All powers are for tables, which are for whole groups of four blocks.
        5..=5
    } else {
        1..=4
    }
}

/// Catches vector code that is never used, with which all tests of it would show nothing; and
/// vector code that is used where it was denied, or is too short to pay.
pub(crate) fn path_by_length(by: &Implementation) {
    let message = Message::random(150, 4096);
    for denied in [false, true] {
        deny_vector_registers(denied);
        for len in (16..=4096).step_by(16) {
            let left = powers_left(by, &message, len);
            let expected = powers_expected(by.name, len, denied);
            assert!(
                expected.contains(&left),
                "{len} bytes, denied: {denied}: {left} powers, and not {expected:?}"
            );
        }
    }
    deny_vector_registers(false);
}
