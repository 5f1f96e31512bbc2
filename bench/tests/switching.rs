// SPDX-License-Identifier: GPL-2.0

//! Computations that do not stay with one implementation, or on one path of it.

use lib_poly1305_bench::{available, deny_vector_registers, Implementation};
use lib_poly1305_generic::{
    wipe, Aid, Context, Pad, Powers, Scratch, State, AIDED_SIZE, CHUNK_SIZE,
};

use crate::data::{interesting_lengths, mac, Message};
use crate::numbers::Random;

/// Catches wrong tags where vector registers cannot be used.
pub(crate) fn denied_registers(by: &Implementation) {
    let message = Message::random(110, 10_000);
    deny_vector_registers(true);
    for len in (0..=4200).chain(interesting_lengths()) {
        let (data, tag) = message.first(len);
        assert_eq!(mac(by, &message.key, data), tag, "one-shot, length {len}");
        assert_eq!(
            (by.pieces)(&message.key, &[data]),
            tag,
            "one update, length {len}"
        );
    }
    deny_vector_registers(false);
}

/// A length of a piece: mostly one at which something changes.
fn piece(random: &mut Random, interesting: &[usize]) -> usize {
    match random.next() % 4 {
        0 => random.below(40),
        1 => random.below(6000),
        _ => interesting[random.below(interesting.len())],
    }
}

/// Catches a context that a call without vector registers leaves unusable for one with them, or
/// the other way round.
pub(crate) fn denied_between_updates(by: &Implementation) {
    pieces_by(&[by], 120);
}

/// Catches a context that one implementation leaves unusable for another one.
pub(crate) fn handover() {
    let all = available();
    pieces_by(&all.iter().collect::<Vec<_>>(), 130);
}

/// Messages in pieces, each of which any of these implementations absorbs, with vector registers or
/// without.
fn pieces_by(all: &[&Implementation], seed: u64) {
    let interesting = interesting_lengths();
    let mut random = Random::new(seed);
    for message in 0..6 {
        let message = Message::random(seed + message, 60_000);
        for _ in 0..500 {
            let len = random.below(60_000);
            let mut context = Context::new(&message.key);
            let mut done = 0;
            let mut log = vec![];
            while done < len {
                let end = (done + piece(&mut random, &interesting)).min(len);
                let by = all[random.below(all.len())];
                let denied = random.next() % 3 == 0;
                log.push((by.name, denied, end));
                deny_vector_registers(denied);
                (by.update)(&mut context, &message.data[done..end]);
                done = end;
            }
            assert_eq!(
                context.finish(),
                message.first(len).1,
                "name, denied, up to: {log:?}"
            );
        }
    }
    deny_vector_registers(false);
}

/// Catches what a call finds in the memory of the one before and takes for something else: chunks
/// of any length, each with vector registers or without, as interrupts come and go.
pub(crate) fn denied_between_chunks(by: &Implementation) {
    let interesting = interesting_lengths();
    let mut random = Random::new(140);
    for message in 0..4 {
        let message = Message::random(141 + message, 40_000);
        for _ in 0..500 {
            let mut state = State::new(&message.key);
            let mut powers = Powers::NONE;
            let mut done = 0;
            let mut log = vec![];
            for _ in 0..2 {
                // One call of the library.
                let mut scratch = Scratch::empty();
                let chunks = 1 + random.below(5);
                for left in (0..chunks).rev() {
                    let len = piece(&mut random, &interesting).clamp(16, CHUNK_SIZE) & !15;
                    let denied = random.next() % 4 == 0;
                    scratch.following = left as u64;
                    log.push((len, denied, left));
                    deny_vector_registers(denied);
                    let mut aid = Aid {
                        powers: &mut powers,
                        scratch: &mut scratch,
                    };
                    let aid = (len >= AIDED_SIZE || denied).then_some(&mut aid);
                    (by.absorb)(&mut state, aid, &message.data[done..done + len]);
                    done += len;
                }
                wipe(&mut scratch.content, 0);
            }
            let tag = state.tag(&[], Pad::new(&message.key));
            assert_eq!(
                tag,
                message.first(done).1,
                "length, denied, following: {log:?}"
            );
        }
    }
    deny_vector_registers(false);
}
