// SPDX-License-Identifier: GPL-2.0

//! The reference, and verified code, against the definition.

use crate::big_integers::{definition, sums_around_the_modulus};
use crate::data::Message;
use crate::numbers::Random;
use crate::reference;
use crate::verified;

/// Catches a reference that is wrong, with which everything else would be tested for nothing: the
/// same as in the kernel's suites. Catches oracles that are not of the same function.
pub(crate) fn against_definition() {
    let mut random = Random::new(1);
    for i in 0..20_000 {
        let key = match i % 4 {
            0 => [0xff; 32],
            _ => random.key(),
        };
        let mut data = vec![0; random.below(if i % 100 == 0 { 9000 } else { 200 })];
        random.fill(&mut data);
        let tag = definition(&key, &data);
        assert_eq!(reference::mac(&key, &data), tag, "case {i}");
        assert_eq!(verified::mac(&key, &data), tag, "case {i}, verified");
    }
    let message = Message::random(2, 1000);
    for len in 0..=1000 {
        let (data, tag) = message.first(len);
        assert_eq!(tag, definition(&message.key, data), "length {len}");
    }
    sums_around_the_modulus(reference::mac);
    sums_around_the_modulus(verified::mac);
}
