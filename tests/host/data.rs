// SPDX-License-Identifier: GPL-2.0

//! Messages, their tags, and the lengths at which an implementation may change what it does.

use lib_poly1305_bench::Implementation;

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

/// The value of a constant in some source.
fn constant(source: &str, name: &str) -> usize {
    let text = format!("const {name}: usize = ");
    let (_, value) = source
        .split_once(&text)
        .unwrap_or_else(|| panic!("no constant {name}"));
    let digits = value.split(';').next().unwrap();
    digits
        .parse()
        .unwrap_or_else(|_| panic!("{name} is {digits}"))
}

/// What tests go by in the sources of an architecture.
struct Sources {
    /// Its `code.rs`.
    code: &'static str,
    /// Which of the constants there are bytes from which on it does something else.
    thresholds: &'static [&'static str],
    /// The bytes in batches.
    batches: fn() -> Vec<usize>,
}

#[cfg(not(target_arch = "aarch64"))]
const SOURCES: Sources = Sources {
    code: include_str!("../../arch_x86/code.rs"),
    thresholds: &["SHORT", "LONG", "LONG_IFMA"],
    batches: || {
        let memory = include_str!("../../arch_x86/vector/memory.rs");
        ["DEPTH", "DEPTH_44"]
            .map(|depth| 128 * constant(memory, depth))
            .into()
    },
};
#[cfg(target_arch = "aarch64")]
const SOURCES: Sources = Sources {
    code: include_str!("../../arch_arm64/code.rs"),
    thresholds: &["SHORT", "CHAINS"],
    batches: || {
        let table = include_str!("../../arch_arm64/neon/table.rs");
        let scalar = include_str!("../../arch_arm64/scalar.rs");
        vec![
            16 * constant(table, "DEPTH"),
            2 * 16 * constant(scalar, "CHAIN"),
        ]
    },
};

/// A constant of this architecture's `code.rs`.
pub(crate) fn threshold(name: &str) -> usize {
    constant(SOURCES.code, name)
}

/// All of them that are numbers of bytes.
pub(crate) fn own_thresholds() -> Vec<usize> {
    SOURCES
        .thresholds
        .iter()
        .map(|name| threshold(name))
        .collect()
}

/// Bytes at which something may change: where vector code and its tables begin to pay, the most in
/// one call, the blocks that are absorbed at once, and batches of them.
///
/// They are read from the sources, so that another choice there is tested at once.
pub(crate) fn thresholds() -> Vec<usize> {
    let own = own_thresholds();
    let generic = include_str!("../../generic/mod.rs");
    let [chunk, with_workspace] =
        ["CHUNK_SIZE", "WORKSPACE_MIN_SIZE"].map(|name| constant(generic, name));
    let batches = (SOURCES.batches)();
    let mut all = vec![
        0,
        64,
        128,
        192,
        256,
        with_workspace,
        chunk,
        chunk + 64,
        2 * chunk,
    ];
    all.extend(&own);
    all.extend(&batches);
    all.extend(own.iter().map(|more| chunk + more));
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
