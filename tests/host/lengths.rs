// SPDX-License-Identifier: GPL-2.0

//! Lengths, and ways to cut messages.

use lib_poly1305_bench::Implementation;
use lib_poly1305_generic::Context;

use crate::data::{interesting_lengths, mac, Message};
use crate::numbers::Random;

/// Fails if the tag of the first bytes of a message is wrong, by one call or by one update.
pub(crate) fn check_first(by: &Implementation, message: &Message, len: usize) {
    let (data, tag) = message.first(len);
    assert_eq!(mac(by, &message.key, data), tag, "one-shot, length {len}");
    let tag_of = (by.pieces)(&message.key, &[data]);
    assert_eq!(tag_of, tag, "one update, length {len}");
}

/// Catches a length at which a loop over blocks ends too early or too late.
pub(crate) fn every_length(by: &Implementation) {
    for seed in 10..14 {
        let message = Message::random(seed, 4200);
        for len in 0..=message.data.len() {
            check_first(by, &message, len);
        }
    }
}

/// Catches code that relies on an empty accumulator or buffer: all lengths after some bytes, which
/// are absorbed by portable code or not, and leave from 0 to 15 bytes over.
pub(crate) fn every_start(by: &Implementation) {
    let message = Message::random(20, 4400);
    for (i, len) in (0..=4200).enumerate() {
        for start in [1 + i % 15, 16, 17 + i % 15, 100 + i % 64] {
            let (data, tag) = message.first(start + len);
            let tag_of = (by.pieces)(&message.key, &[&data[..start], &data[start..]]);
            assert_eq!(tag_of, tag, "{len} bytes after {start}");
        }
    }
}

/// Catches pieces that do not fit together, where what is kept from one for the next (powers of r)
/// comes from a run of another kind: all pairs of interesting lengths.
pub(crate) fn splits(by: &Implementation) {
    let lengths = interesting_lengths();
    let longest = lengths[lengths.len() - 1];
    let message = Message::random(30, 2 * longest + 1);
    let mut random = Random::new(31);
    for &a in &lengths {
        let mut begun = Context::new(&message.key);
        (by.update)(&mut begun, &message.data[..a]);
        for &b in &lengths {
            let (data, tag) = message.first(a + b);
            let mut context = begun;
            (by.update)(&mut context, &data[a..]);
            assert_eq!(context.finish(), tag, "{a} and {b} bytes");
        }
        // Three of them, of which the second one also begins anywhere.
        for _ in 0..100 {
            let b = lengths[random.below(lengths.len())];
            let (data, tag) = message.first(a + b);
            let (data, rest) = data.split_at(random.below(a + b + 1));
            let mut context = Context::new(&message.key);
            let (first, second) = data.split_at(a.min(data.len()));
            for piece in [first, second, rest] {
                (by.update)(&mut context, piece);
            }
            let cut = data.len();
            assert_eq!(context.finish(), tag, "{b} bytes after {a}, cut at {cut}");
        }
    }
}

/// Catches what is lost or left over between the chunks of a long message, of which the last one
/// has any length.
pub(crate) fn several_chunks(by: &Implementation) {
    let message = Message::random(40, 70_000);
    let check = |len: usize| {
        let (data, tag) = message.first(len);
        assert_eq!(mac(by, &message.key, data), tag, "one-shot, length {len}");
    };
    for chunks in 1..=3 {
        for last in (0..=4096).step_by(16) {
            check(4096 * chunks + last);
        }
    }
    for chunks in 0..16 {
        for len in interesting_lengths() {
            check((4096 * chunks + len).min(70_000));
        }
    }
    for len in 69_900..=70_000 {
        check(len);
    }
}
