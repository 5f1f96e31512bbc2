// SPDX-License-Identifier: GPL-2.0

//! Which code computes.

use lib_poly1305_bench::{deny_vector_registers, Implementation};
use lib_poly1305_generic::{Aid, Powers, Scratch, State};

use crate::data::{threshold, Message};

/// How many powers of `r` an implementation left: none if it had no use for them.
fn powers_left(by: &Implementation, message: &Message, len: usize) -> u64 {
    let mut powers = Powers::NONE;
    let mut state = State::new(&message.key);
    let mut aid = Aid {
        powers: &mut powers,
        scratch: &mut Scratch::empty(),
    };
    (by.absorb)(&mut state, Some(&mut aid), &message.data[..len]);
    // SAFETY: Their number comes first in this structure of C's layout.
    unsafe { (&raw const powers).cast::<u64>().read() }
}

/// Catches vector code that is never used, with which all tests of it would show nothing; and
/// vector code that is used where it was denied, or is too short to pay.
pub(crate) fn path_by_length(by: &Implementation) {
    let message = Message::random(150, 4096);
    let long = match by.name {
        "x86_64-avx2" | "x86_64-avx512" => Some("LONG"),
        "x86_64-avx512ifma" => Some("LONG_IFMA"),
        _ => None,
    };
    for denied in [false, true] {
        deny_vector_registers(denied);
        for len in (16..=4096).step_by(16) {
            let left = powers_left(by, &message, len);
            let name = match long {
                Some(_) if denied || len < threshold("SHORT") => "none",
                // All powers are for tables, which are for whole groups of four blocks.
                Some(long) if len & !63 >= threshold(long) => "table",
                Some(_) => "lanes",
                None => "none",
            };
            let fits = match name {
                "none" => left == 0,
                "lanes" => (1..5).contains(&left),
                _ => left == 5,
            };
            assert!(
                fits,
                "{len} bytes, denied: {denied}: {left} powers, not those for {name}"
            );
        }
    }
    deny_vector_registers(false);
}
