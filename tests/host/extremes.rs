// SPDX-License-Identifier: GPL-2.0

//! Keys, blocks and accumulators at the edges of what a number can hold.

use std::sync::OnceLock;

use lib_poly1305_bench::Implementation;
use lib_poly1305_generic::{
    Context, Powers, Scratch, State, Workspace, BLOCK_SIZE, WORKSPACE_MIN_SIZE,
};
use num_bigint::BigUint;

use crate::data::{interesting_lengths, mac, own_thresholds, Key, Message};
use crate::numbers::Random;

/// Words of `r` that are extreme after clamping.
fn points() -> Vec<u128> {
    let mut all = vec![
        u128::MAX,
        0,
        1,
        2,
        3,
        4,
        5,
        1 << 64,
        u128::MAX << 64,
        u64::MAX.into(),
    ];
    // Limbs of 26, of 44 and of 32 bits that are full, and all others empty; and the contrary.
    for size in [26, 32, 44] {
        for at in (0..128).step_by(size) {
            let limb = (u128::MAX >> (128 - size)) << at;
            all.extend([limb, !limb]);
        }
    }
    all.extend((0..124).map(|bit| 1 << bit));
    all
}

/// Blocks that carry as far as they can, or as little.
fn blocks(random: &mut Random, kind: usize, len: usize) -> Vec<u8> {
    let bytes = [0xff, 0x00, 0xfb, 0x7f, 0x80];
    let mut data = vec![0; len];
    for block in data.chunks_mut(16) {
        match kind {
            0..5 => block.fill(bytes[kind]),
            5 => block.fill(bytes[random.below(5)]),
            _ => block.fill_with(|| bytes[random.below(5)]),
        }
    }
    data
}

/// Messages under extreme keys, each with what it is. The reference, which is slow, computes their
/// tags once for all implementations; so it does for those below.
fn extreme_messages() -> Vec<(String, Message)> {
    let mut random = Random::new(50);
    let lengths = interesting_lengths();
    let mut all = vec![];
    for (i, r) in points().into_iter().enumerate() {
        for kind in 0..7 {
            let mut key = [0xff; 32];
            key[..16].copy_from_slice(&r.to_le_bytes());
            let longest = if i < 10 || i % 7 == kind {
                lengths[lengths.len() - 1]
            } else {
                2500
            };
            let message = Message::new(key, blocks(&mut random, kind, longest));
            all.push((format!("r {r:#x}, kind {kind}"), message));
        }
    }
    all
}

/// Catches a limb that overflows, or a carry that is lost, where everything is large; and what is
/// only right for numbers that are not zero.
pub(crate) fn keys_and_blocks(by: &Implementation) {
    static MESSAGES: OnceLock<Vec<(String, Message)>> = OnceLock::new();
    let lengths = interesting_lengths();
    for (what, message) in MESSAGES.get_or_init(extreme_messages) {
        for &len in lengths.iter().filter(|len| **len <= message.data.len()) {
            let (data, tag) = message.first(len);
            assert_eq!(mac(by, &message.key, data), tag, "{what}, length {len}");
        }
    }
}

/// A message of `count` blocks after which the accumulator is `h` modulo `2^130 - 5`, where `r` is
/// not zero and `count` is at least 2: its last block is chosen so.
fn reaching(random: &mut Random, r: &BigUint, h: &BigUint, count: usize) -> Vec<u8> {
    let p = (BigUint::from(1u8) << 130u32) - 5u8;
    let bit = BigUint::from(1u8) << 128u32;
    let wanted = h * r.modpow(&(&p - 2u8), &p) % &p;
    loop {
        let mut data = vec![0; 16 * count];
        data.fill_with(|| random.next() as u8);
        let (rest, last) = data.split_at_mut(16 * (count - 1));
        let mut sum = BigUint::ZERO;
        for block in rest.chunks(16) {
            sum = (sum + BigUint::from_bytes_le(block) + &bit) * r % &p;
        }
        // What is left for the last block must be one: a quarter of all numbers is.
        let left = (&wanted + &p - sum) % &p;
        if left >= bit && left < &bit << 1u32 {
            let bytes = (left - &bit).to_bytes_le();
            last.fill(0);
            last[..bytes.len()].copy_from_slice(&bytes);
            return data;
        }
    }
}

/// Messages after whose first blocks, so many bytes, the accumulator is next to the modulus, each
/// with what it is.
fn messages_around_the_modulus() -> Vec<(String, usize, Message)> {
    let mut random = Random::new(60);
    let p = (BigUint::from(1u8) << 130u32) - 5u8;
    let counts = own_thresholds().into_iter().map(|bytes| bytes / 16);
    let begins: Vec<_> = [2, 3]
        .into_iter()
        .chain(counts.flat_map(|n| [n, n + 1]))
        .collect();
    let mut all = vec![];
    for i in 0..40u32 {
        let near = match i {
            0..12 => BigUint::from(i),
            12..24 => &p - (i - 11),
            _ => ((BigUint::from(1u8) << (124 + i / 6)) + (i % 6)) - 3u8,
        };
        let mut key: Key = std::array::from_fn(|_| random.next() as u8);
        if i % 4 == 0 {
            key[..16].fill(0xff);
        }
        let clamp = 0x0fff_fffc_0fff_fffc_0fff_fffc_0fff_ffff_u128;
        let r = BigUint::from_bytes_le(&key[..16]) & BigUint::from(clamp);
        for &count in &begins {
            let mut data = reaching(&mut random, &r, &near, count);
            let there = data.len();
            data.extend(blocks(&mut random, i as usize % 7, 5000));
            let what = format!("{near:#x} after {count} blocks");
            all.push((what, there, Message::new(key, data)));
        }
    }
    all
}

/// Catches a reduction that is off by one or a multiple of the modulus: an accumulator just below,
/// at and above `2^130 - 5` or zero, and `2^128` and its multiples, at the end and in between.
pub(crate) fn around_the_modulus(by: &Implementation) {
    static MESSAGES: OnceLock<Vec<(String, usize, Message)>> = OnceLock::new();
    let whole_blocks = own_thresholds().into_iter().map(|bytes| bytes & !15);
    let ends: Vec<_> = [0, 1, 16].into_iter().chain(whole_blocks).collect();
    for (what, there, message) in MESSAGES.get_or_init(messages_around_the_modulus) {
        for more in &ends {
            let (data, tag) = message.first(there + more);
            let what = format!("{what}, and {more} bytes");
            assert_eq!(mac(by, &message.key, data), tag, "one-shot, {what}");
            let mut context = Context::new(&message.key);
            (by.update)(&mut context, &data[..*there]);
            (by.update)(&mut context, &data[*there..]);
            assert_eq!(context.finish(), tag, "{what}");
        }
    }
}

/// Lengths of runs around all thresholds, up to a few batches.
fn runs() -> Vec<usize> {
    let mut all: Vec<_> = interesting_lengths()
        .into_iter()
        .filter(|len| len % 16 == 0)
        .map(|len| len.clamp(16, 4096))
        .collect();
    all.dedup();
    all
}

/// Absorbs blocks from any accumulator and point, and compares with the definition. Short runs may
/// come without workspace.
fn absorb_from(by: &Implementation, h: [u64; 3], r: [u64; 2], data: &[u8], with_workspace: bool) {
    let mut state = State::from_words(h, r).unwrap();
    let mut workspace = Workspace {
        powers: &mut Powers::none().clone(),
        scratch: &mut Scratch::empty(),
    };
    let workspace = (data.len() >= WORKSPACE_MIN_SIZE || with_workspace).then_some(&mut workspace);
    (by.absorb)(&mut state, workspace, data);
    let what = format!("{} bytes from {h:x?} by {r:x?}", data.len());
    let (after, point) = state.to_words();
    assert_eq!(point, r, "r, {what}");
    assert!(
        after[2] <= 4,
        "{after:x?} is no interchange form after {what}"
    );
    assert_eq!(number(&after) % modulus(), absorbed(&h, &r, data), "{what}");
}

/// Catches an accumulator or a point whose words, all that may be in a context, do not fit into
/// limbs; or one that is left out of its bounds for the next call.
pub(crate) fn any_state(by: &Implementation) {
    let mut random = Random::new(70);
    let runs = runs();
    for i in 0..4000 {
        let mut word = |most: u64| match random.next() % 4 {
            0 => most,
            1 => 0,
            _ => random.next() & most,
        };
        let h = [word(u64::MAX), word(u64::MAX), word(7) % 5];
        let r = [word(0x0fff_fffc_0fff_ffff), word(0x0fff_fffc_0fff_fffc)];
        let len = runs[random.below(runs.len())];
        let data = blocks(&mut random, i % 7, len);
        absorb_from(by, h, r, &data, i % 2 == 0);
    }
}

/// The words of an accumulator of limbs of 26 bits, or a bit more.
fn of_limbs(limbs: [u64; 5]) -> [u64; 3] {
    let sum = limbs
        .iter()
        .rev()
        .fold(BigUint::ZERO, |sum, limb| (sum << 26u32) + *limb);
    let mut words = sum.to_u64_digits();
    words.resize(3, 0);
    words.try_into().unwrap()
}

/// Catches a carry that is lost where code goes on from limbs: as Linux's own NEON code did, until
/// commit 24f07e8c07a0, with the limbs `[0, 0, 0, 2^26, 2^24 - 1]`, which are 2^128. These, by any
/// length; and all in which each limb is empty, full, or one or two more than that.
///
/// By `r = 1` an accumulator is a plain sum of blocks: those of nothing but ones keep it at the same
/// edge from batch to batch.
pub(crate) fn full_limbs(by: &Implementation) {
    const FULL: u64 = (1 << 26) - 1;
    let points = [
        [1, 0],
        [2, 0],
        [0, 1 << 2],
        [0x0fff_fffc_0fff_ffff, 0x0fff_fffc_0fff_fffc],
        [0x0123_4564_089a_bcde, 0x0edc_ba98_0765_4320],
    ];
    let mut random = Random::new(80);
    let runs = runs();
    let lost = of_limbs([0, 0, 0, FULL + 1, (1 << 24) - 1]);
    assert_eq!(lost, [0, 0, 1]);
    for &len in &runs {
        for (i, r) in points.into_iter().enumerate() {
            for kind in 0..3 {
                let data = blocks(&mut random, kind, len);
                absorb_from(by, lost, r, &data, i % 2 == 0);
            }
        }
    }

    let sizes = [0, FULL, FULL + 1, FULL + 2];
    let last = [(1 << 24) - 1, 1 << 24, (1 << 24) + 1];
    for i in 0..4_usize.pow(4) {
        let limb = |at: u32| sizes[i / 4_usize.pow(at) % 4];
        for top in sizes.into_iter().chain(last) {
            let h = of_limbs([limb(0), limb(1), limb(2), limb(3), top]);
            let r = points[random.below(points.len())];
            let len = runs[random.below(runs.len())];
            let kind = random.below(7);
            let data = blocks(&mut random, kind, len);
            absorb_from(by, h, r, &data, i % 2 == 0);
        }
    }
}

/// The modulus.
fn modulus() -> BigUint {
    (BigUint::from(1u8) << 130u32) - 5u8
}

/// Words as one number.
fn number(words: &[u64]) -> BigUint {
    words
        .iter()
        .rev()
        .fold(BigUint::ZERO, |sum, word| (sum << 64u32) + *word)
}

/// What an accumulator is after whole blocks.
fn absorbed(h: &[u64], r: &[u64], data: &[u8]) -> BigUint {
    let (p, r, bit) = (modulus(), number(r), BigUint::from(1u8) << 128u32);
    data.chunks(BLOCK_SIZE).fold(number(h), |h, block| {
        (h + BigUint::from_bytes_le(block) + &bit) * &r % &p
    })
}
