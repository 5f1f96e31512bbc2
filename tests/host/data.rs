// SPDX-License-Identifier: GPL-2.0

//! Messages, their tags, and the lengths at which an implementation may change what it does.

use lib_poly1305_bench::{available, Implementation};
use lib_poly1305_generic::{CHUNK_SIZE, WORKSPACE_MIN_SIZE};

use crate::numbers::Random;
use crate::reference::Reference;

/// A one-time key.
pub(crate) type Key = [u8; 32];

/// A tag.
pub(crate) type Tag = [u8; 16];

/// The tag of a message by an implementation.
pub(crate) fn mac(by: &Implementation, key: &Key, data: &[u8]) -> Tag {
    let mut tag = [0; 16];
    // SAFETY: References and slices are valid for what they refer to.
    unsafe { (by.mac)(&mut tag, key, data.as_ptr(), data.len()) };
    tag
}

/// A message of which all beginnings are tested, with the tags of them all.
pub(crate) struct Message {
    pub(crate) key: Key,
    pub(crate) data: Vec<u8>,
    tags: Vec<Tag>,
}

impl Message {
    pub(crate) fn new(key: Key, data: Vec<u8>) -> Self {
        let mut tags = vec![];
        let mut whole = Reference::new(&key);
        for block in data.chunks(16) {
            tags.extend(
                (0..block.len().min(16)).map(|i| whole.clone().absorb_all(&block[..i]).tag()),
            );
            whole.absorb(block);
        }
        tags.push(whole.tag());
        Self { key, data, tags }
    }

    /// One of random bytes.
    pub(crate) fn random(seed: u64, len: usize) -> Self {
        let mut random = Random::new(seed);
        let data = (0..len).map(|_| random.next() as u8).collect();
        Self::new(std::array::from_fn(|_| random.next() as u8), data)
    }

    /// The first bytes of it, and their tag.
    pub(crate) fn first(&self, len: usize) -> (&[u8], Tag) {
        (&self.data[..len], self.tags[len])
    }
}

/// Numbers of bytes of all implementations that this CPU can run: those that share a carry, or the
/// others, at which something else changes.
fn bytes(batch: bool) -> Vec<usize> {
    available()
        .iter()
        .flat_map(|by| by.bytes)
        .filter(|(what, _)| (*what == "BATCH") == batch)
        .map(|(_, bytes)| *bytes)
        .collect()
}

/// Bytes from which on an implementation does something else.
pub(crate) fn own_thresholds() -> Vec<usize> {
    bytes(false)
}

/// Bytes at which something may change: where vector code and its tables begin to pay, the most in
/// one call, the blocks that are absorbed at once, and batches of them.
pub(crate) fn thresholds() -> Vec<usize> {
    let own = own_thresholds();
    let batches = bytes(true);
    let mut all = vec![
        0,
        64,
        128,
        192,
        256,
        WORKSPACE_MIN_SIZE,
        CHUNK_SIZE,
        CHUNK_SIZE + 64,
        2 * CHUNK_SIZE,
    ];
    all.extend(&own);
    all.extend(&batches);
    all.extend(own.iter().map(|more| CHUNK_SIZE + more));
    // Of a long run, two or three groups of four blocks may come after the batches.
    for from in &own {
        for batch in &batches {
            all.extend([128, 192].map(|tail| (from + tail).next_multiple_of(*batch) + tail));
        }
    }
    all.sort();
    all.dedup();
    all
}

/// Lengths around all thresholds: two blocks more or less, and one byte more or less than those.
pub(crate) fn interesting_lengths() -> Vec<usize> {
    let mut all = vec![];
    for threshold in thresholds() {
        for blocks in 0..5 {
            for byte in 0..3 {
                all.extend((threshold + 16 * blocks + byte).checked_sub(33));
            }
        }
    }
    all.sort();
    all.dedup();
    all
}
