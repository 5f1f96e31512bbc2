// SPDX-License-Identifier: GPL-2.0

//! What is read, what is written, and what is left behind.

use std::mem::MaybeUninit;

use lib_poly1305_bench::Implementation;
use lib_poly1305_generic::{Powers, Scratch, State, Workspace, BLOCK_SIZE, CHUNK_SIZE};

use crate::data::{interesting_lengths, mac, Message};
use crate::numbers::Random;
use crate::pages::Guarded;

/// Catches loads and stores that need an alignment, and bytes around a tag that are written.
pub(crate) fn unaligned(by: &Implementation) {
    let message = Message::random(80, 9000);
    let mut room = vec![0; 9000 + 64];
    for len in interesting_lengths().into_iter().filter(|len| *len <= 9000) {
        let (data, tag) = message.first(len);
        for at in (0..64).filter(|at| len < 2600 || at % 8 == len % 8) {
            room[at..at + len].copy_from_slice(data);
            assert_eq!(
                mac(by, &message.key, &room[at..at + len]),
                tag,
                "{len} bytes at {at}"
            );
        }
    }
    let (data, tag) = message.first(4000);
    for at in 0..64 {
        let mut keys = [0; 96];
        keys[at..at + 32].copy_from_slice(&message.key);
        let mut tags = [0x5a; 96];
        // SAFETY: Key and tag are inside these arrays; pointers to bytes need no alignment.
        unsafe {
            let tag = tags.as_mut_ptr().add(at).cast();
            (by.mac)(tag, keys.as_ptr().add(at).cast(), data.as_ptr(), data.len());
        }
        assert_eq!(tags[at..at + 16], tag, "the tag at {at}");
        tags[at..at + 16].fill(0x5a);
        assert_eq!(tags, [0x5a; 96], "around the tag at {at}");
    }
}

/// Catches reads of bytes before or after a message or a key, and writes before or after a tag: an
/// access there ends the process.
pub(crate) fn inside_pages(by: &Implementation) {
    let message = Message::random(90, 9000);
    let mut pages = Guarded::new(9000);
    let (mut key, mut out) = (Guarded::new(32), Guarded::new(16));
    let more = interesting_lengths()
        .into_iter()
        .filter(|len| (4200..9000).contains(len));
    for len in (0..=4200).chain(more) {
        let (data, tag) = message.first(len);
        for end in [true, false] {
            let at = |pages: &mut Guarded, bytes: &[u8]| -> *mut u8 {
                let place = if end {
                    pages.last(bytes.len())
                } else {
                    pages.first(bytes.len())
                };
                place.copy_from_slice(bytes);
                place.as_mut_ptr()
            };
            let there = at(&mut pages, data);
            let (key, out) = (at(&mut key, &message.key), at(&mut out, &[0; 16]));
            // SAFETY: The pages are mapped, and these bytes are inside.
            unsafe { (by.mac)(out.cast(), key.cast(), there, len) };
            // SAFETY: As above.
            let tag_of = unsafe { *out.cast::<[u8; 16]>() };
            assert_eq!(tag_of, tag, "{len} bytes, at the end: {end}");
        }
        // The same where bytes are buffered before.
        let before = (len / 16 % 16).min(len);
        let place = pages.last(len - before);
        place.copy_from_slice(&data[before..]);
        let tag_of = (by.pieces)(&message.key, &[&data[..before], place]);
        assert_eq!(tag_of, tag, "{len} bytes, the first {before} apart");
    }
}

/// Catches limbs, powers and tables that are left in the memory that an implementation works in,
/// when the library has nothing more for it and is not told to wipe.
pub(crate) fn scratch_is_wiped(by: &Implementation) {
    const MARK: u64 = 0xa5a5_a5a5_a5a5_a5a5;
    let message = Message::random(100, 2 * CHUNK_SIZE);
    let mut random = Random::new(101);
    for blocks in 1..=CHUNK_SIZE / BLOCK_SIZE {
        for chunks in 1..=2 {
            let mut scratch = Scratch::empty();
            scratch.memory.fill(MaybeUninit::new(MARK));
            let mut powers = Powers::none();
            let mut workspace = Workspace {
                powers: &mut powers,
                scratch: &mut scratch,
            };
            let mut state = State::new(&message.key);
            if chunks == 2 {
                workspace.scratch.blocks_left = blocks as u64;
                (by.absorb)(
                    &mut state,
                    Some(&mut workspace),
                    &message.data[..CHUNK_SIZE],
                );
                workspace.scratch.blocks_left = 0;
            }
            let start = 16 * random.below(1 + (CHUNK_SIZE / 16 - blocks));
            (by.absorb)(
                &mut state,
                Some(&mut workspace),
                &message.data[start..start + 16 * blocks],
            );
            if scratch.cached != 0 {
                // The library wipes all of it.
                continue;
            }
            for (i, word) in scratch.memory.iter().enumerate() {
                // SAFETY: All words were initialized above.
                let word = unsafe { word.assume_init() };
                assert!(
                    word == 0 || word == MARK,
                    "{word:#x} in word {i} after {blocks} blocks, call {chunks}"
                );
            }
        }
    }
}
