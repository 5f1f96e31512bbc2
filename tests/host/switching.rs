// SPDX-License-Identifier: GPL-2.0

//! Computations that do not stay with one implementation, or on one path of it.

use lib_poly1305_bench::{available, deny_vector_registers, Implementation};
use lib_poly1305_generic::{wipe, Context, Pad, Powers, Scratch, State, Workspace, CHUNK_SIZE};

use crate::data::{interesting_lengths, thresholds, Message};
use crate::lengths::check_first;
use crate::numbers::Random;

/// Catches wrong tags where vector registers cannot be used.
pub(crate) fn denied_registers(by: &Implementation) {
    let message = Message::random(110, 10_000);
    deny_vector_registers(true);
    for len in (0..=4200).chain(interesting_lengths()) {
        check_first(by, &message, len);
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
    chunks_by([by, by], 140, 500);
}

/// Catches an implementation that takes what another one has left in the memory for its own: all
/// pairs of them, either of which may come first.
pub(crate) fn pairs_between_chunks() {
    let all = available();
    for a in &all {
        for b in all.iter().filter(|b| b.name != a.name) {
            long_chunks_by([a, b], 150);
            chunks_by([a, b], 151, 100);
        }
    }
}

/// Has a chunk absorbed as one call of a run.
fn absorb_chunk(
    by: &Implementation,
    state: &mut State,
    (powers, scratch): (&mut Powers, &mut Scratch),
    chunk: &[u8],
    following: usize,
) {
    scratch.blocks_left = following as u64;
    (by.absorb)(state, Some(&mut Workspace { powers, scratch }), chunk);
}

/// Runs of two to five calls by turns, all of them long ones but perhaps the last, from the
/// implementation that has a whole table to the one that has half of it for so few blocks; and two
/// runs in one computation, so that the second one begins with all powers.
fn long_chunks_by(pair: [&Implementation; 2], seed: u64) {
    let message = Message::random(seed, 2 * 5 * CHUNK_SIZE);
    for calls in 2..=5 {
        for last in thresholds()
            .into_iter()
            .filter(|len| (16..=CHUNK_SIZE).contains(len))
        {
            let mut state = State::new(&message.key);
            let mut powers = Powers::none();
            let mut done = 0;
            // In the second run the other one is first.
            for run in 0..2 {
                let mut scratch = Scratch::empty();
                let end = done + CHUNK_SIZE * (calls - 1) + (last & !15);
                let chunks = message.data[done..end].chunks(CHUNK_SIZE);
                for (call, chunk) in chunks.enumerate() {
                    done += chunk.len();
                    let workspace = (&mut powers, &mut scratch);
                    let by = pair[(run + call) % 2];
                    absorb_chunk(by, &mut state, workspace, chunk, (end - done) / 16);
                }
                wipe(&mut scratch.cached, 0);
            }
            let tag = state.tag(&[], Pad::new(&message.key));
            assert_eq!(
                tag,
                message.first(done).1,
                "{} and {}: {calls} calls, the last of {last} bytes",
                pair[0].name,
                pair[1].name,
            );
        }
    }
}

/// Runs of chunks of any length, each by any of two, with vector registers or without.
fn chunks_by(pair: [&Implementation; 2], seed: u64, rounds: usize) {
    let interesting = interesting_lengths();
    let mut random = Random::new(seed);
    for message in 0..4 {
        let message = Message::random(seed + 1 + message, 40_000);
        for _ in 0..rounds {
            let mut state = State::new(&message.key);
            let mut powers = Powers::none();
            let mut done = 0;
            let mut log = vec![];
            for _ in 0..2 {
                // One call of the library.
                let mut scratch = Scratch::empty();
                let chunks = 1 + random.below(5);
                for left in (0..chunks).rev() {
                    let len = piece(&mut random, &interesting).clamp(16, CHUNK_SIZE) & !15;
                    let by = pair[random.below(2)];
                    let denied = random.next() % 4 == 0;
                    log.push((by.name, len, denied, left));
                    deny_vector_registers(denied);
                    let chunk = &message.data[done..done + len];
                    absorb_chunk(by, &mut state, (&mut powers, &mut scratch), chunk, left);
                    done += len;
                }
                wipe(&mut scratch.cached, 0);
            }
            let tag = state.tag(&[], Pad::new(&message.key));
            assert_eq!(
                tag,
                message.first(done).1,
                "name, length, denied, following: {log:?}"
            );
        }
    }
    deny_vector_registers(false);
}
