// SPDX-License-Identifier: GPL-2.0

//! Very many random messages.

use std::sync::OnceLock;

use lib_poly1305_bench::Implementation;

use crate::data::{mac, Key, Tag};
use crate::numbers::Random;
use crate::reference;
use crate::verified;

/// Where a CPU is emulated, this says of how many messages one is tested. The default is 1.
const SHARE: &str = "LIB_POLY1305_RANDOM_SHARE";

/// How many short messages.
const SHORT: usize = 2_000_000;

/// How many of up to 3000 bytes, and of up to 20,000.
const MIDDLE: usize = 60_000;
const LONG: usize = 3000;

/// How many of that many messages are tested.
fn share(count: usize) -> usize {
    let Ok(share) = std::env::var(SHARE) else {
        return count;
    };
    let number = share.parse().ok().and_then(|of| count.checked_div(of));
    let count = number
        .filter(|number| *number > 0)
        .unwrap_or_else(|| panic!("{SHARE} is {share}, not a number from 1 to {count}"));
    print!("{count} messages ... ");
    count
}

/// Random bytes that messages are taken from, or bytes that make carries.
struct Source(Vec<u8>);

impl Source {
    fn new(random: &mut Random) -> Self {
        let mut bytes: Vec<u8> = (0..1 << 20).map(|_| random.next() as u8).collect();
        for run in bytes.chunks_mut(4096).step_by(5) {
            let byte = [0x00, 0xff, 0xfb, 0x7f][random.below(4)];
            run.fill(byte);
        }
        Self(bytes)
    }

    /// A key and a message.
    fn next(&self, random: &mut Random, longest: usize) -> (Key, &[u8]) {
        let len = random.below(longest + 1);
        let start = random.below(self.0.len() - len);
        let key = if random.next() % 8 == 0 {
            random.key()
        } else {
            let words: [u64; 4] = std::array::from_fn(|_| random.next());
            let bytes = words.map(u64::to_le_bytes);
            bytes.as_flattened().try_into().unwrap()
        };
        (key, &self.0[start..start + len])
    }
}

/// Compares tags of messages, the same ones for each implementation, so that the reference, which
/// is slow, computes them only once.
fn compare(by: &Implementation, expected: &OnceLock<Vec<Tag>>, (count, longest): (usize, usize)) {
    let count = share(count);
    let each = |seed: u64, see: &mut dyn FnMut(usize, &Key, &[u8])| {
        let mut random = Random::new(seed);
        let source = Source::new(&mut random);
        for i in 0..count {
            let (key, data) = source.next(&mut random, longest);
            see(i, &key, data);
        }
    };
    let seed = longest as u64;
    let expected = expected.get_or_init(|| {
        let mut tags = vec![];
        each(seed, &mut |_, key, data| {
            let tag = reference::mac(key, data);
            assert_eq!(tag, verified::mac(key, data), "oracles, key {key:02x?}");
            tags.push(tag)
        });
        tags
    });
    each(seed, &mut |i, key, data| {
        let len = data.len();
        assert_eq!(
            mac(by, key, data),
            expected[i],
            "case {i}, {len} bytes, key {key:02x?}"
        );
    });
}

/// Catches what goes wrong for a few keys or blocks out of very many.
pub(crate) fn short(by: &Implementation) {
    static EXPECTED: OnceLock<Vec<Tag>> = OnceLock::new();
    compare(by, &EXPECTED, (SHORT, 300));
}

/// The same for lengths that vector code gets.
pub(crate) fn middle(by: &Implementation) {
    static EXPECTED: OnceLock<Vec<Tag>> = OnceLock::new();
    compare(by, &EXPECTED, (MIDDLE, 3000));
}

/// The same for several chunks.
pub(crate) fn long(by: &Implementation) {
    static EXPECTED: OnceLock<Vec<Tag>> = OnceLock::new();
    compare(by, &EXPECTED, (LONG, 20_000));
}
