// SPDX-License-Identifier: GPL-2.0

//! Which code computes.

use std::ops::RangeInclusive;

use lib_poly1305_bench::{deny_vector_registers, Implementation};
use lib_poly1305_generic::{Powers, Scratch, State, Workspace};

use crate::data::Message;

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
fn powers_expected(by: &Implementation, len: usize, denied: bool) -> RangeInclusive<u64> {
    let from = |what: &str| by.bytes.iter().find(|(name, _)| *name == what);
    let reached = |what: &str, len: usize| from(what).is_some_and(|(_, bytes)| len >= *bytes);
    if reached("VECTORS", len) && !denied {
        match from("TABLE") {
            // All powers are for tables, which are for whole groups of four blocks.
            Some((_, table)) if len & !63 >= *table => 5..=5,
            Some(_) => 1..=4,
            None => 3..=5,
        }
    } else if reached("CHAINS", len) {
        5..=5
    } else {
        0..=0
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
            let expected = powers_expected(by, len, denied);
            assert!(
                expected.contains(&left),
                "{len} bytes, denied: {denied}: {left} powers, and not {expected:?}"
            );
        }
    }
    deny_vector_registers(false);
}
