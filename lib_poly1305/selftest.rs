// SPDX-License-Identifier: GPL-2.0

//! What an implementation has to pass before anybody gets to call it.
//!
//! Known answers show that it computes Poly1305; comparison with the portable code, from states
//! and over numbers of blocks that no message would lead to in a lifetime, that it does always.

use kernel::fmt;
use kernel::prelude::*;

use crate::bindings::LIB_POLY1305_MAX_BLOCKS;
use crate::generic::{
    Absorb, Aid, Pad, Powers, Scratch, State, AIDED_SIZE, BLOCK_SIZE, KEY_SIZE, TAG_SIZE,
};
use crate::target::Direct;

/// What is wrong with an implementation.
pub(crate) enum Failure {
    /// The self-test has no memory to run in.
    Memory,
    /// The tag of RFC 8439 section 2.5.2, or one at the edges of the modulus, is another one.
    KnownAnswer(usize),
    /// The accumulator that it leaves is too large to go on with.
    Form(usize),
    /// It changed `r`.
    Point(usize),
    /// It absorbed this many blocks to something else than the portable code.
    Blocks(usize),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("no memory for its self-test"),
            Self::KnownAnswer(i) => f.write_fmt(fmt!("self-test: wrong tag of known message {i}")),
            Self::Form(n) => f.write_fmt(fmt!(
                "self-test: h not in interchange form after {n} blocks"
            )),
            Self::Point(n) => f.write_fmt(fmt!("self-test: r changed by {n} blocks")),
            Self::Blocks(n) => f.write_fmt(fmt!("self-test: wrong result for {n} blocks")),
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Memory => ENOMEM,
            _ => ELIBBAD,
        }
    }
}

/// Bytes of message for the longest run, at an odd address, and one more block.
const DATA: usize = (LIB_POLY1305_MAX_BLOCKS as usize + 2) * BLOCK_SIZE;

/// Tests an implementation. May sleep.
pub(crate) fn run(by: Direct) -> Result<(), Failure> {
    let mut data = KVec::from_elem(0xff, 5003, GFP_KERNEL).map_err(|_| Failure::Memory)?;
    known_answers(by, &data)?;
    data.truncate(DATA);
    same_as_portable(by, &mut data)
}

/// Keys and messages whose tags are known: RFC 8439 section 2.5.2, the vectors 7 to 9 of its
/// appendix A.3, which end around the modulus, and one with everything at its largest over more
/// than one call (docs/testing.md has the Python lines that compute it).
fn known_answers(by: Direct, ones: &[u8]) -> Result<(), Failure> {
    /// A key whose first byte is `r`, all else zero.
    const fn small(r: u8) -> [u8; KEY_SIZE] {
        let mut key = [0; KEY_SIZE];
        key[0] = r;
        key
    }
    const RFC_KEY: [u8; KEY_SIZE] = [
        0x85, 0xd6, 0xbe, 0x78, 0x57, 0x55, 0x6d, 0x33, 0x7f, 0x44, 0x52, 0xfe, 0x42, 0xd5, 0x06,
        0xa8, 0x01, 0x03, 0x80, 0x8a, 0xfb, 0x0d, 0xb2, 0xfd, 0x4a, 0xbf, 0xf6, 0xaf, 0x41, 0x49,
        0xf5, 0x1b,
    ];
    const RFC_TAG: u128 = 0xa927_010c_af8b_2bc2_c636_5130_c11d_06a8;
    let known: [(&[u8; KEY_SIZE], &[u8], u128); 5] = [
        (&RFC_KEY, b"Cryptographic Forum Research Group", RFC_TAG),
        (
            &small(1),
            b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\
              \xf0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\
              \x11\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            5,
        ),
        (
            &small(1),
            b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\
              \xfb\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xfe\
              \x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01",
            0,
        ),
        (
            &small(2),
            b"\xfd\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
            0xffff_ffff_ffff_ffff_ffff_ffff_ffff_fffa,
        ),
        (
            &[0xff; KEY_SIZE],
            ones,
            0x2c1d_160b_6e04_f63c_9afa_6866_5c52_bbed,
        ),
    ];
    for (i, (key, data, tag)) in known.iter().enumerate() {
        if by.mac(key, data) != tag.to_le_bytes() {
            return Err(Failure::KnownAnswer(i));
        }
    }
    Ok(())
}

/// Runs of all lengths that a loop over a few blocks could tell apart, and of some longer ones,
/// from random states and from the largest there are.
fn same_as_portable(by: Direct, data: &mut [u8]) -> Result<(), Failure> {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    // Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8(14), 2003.
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let longer = [
        96,
        127,
        128,
        129,
        192,
        255,
        LIB_POLY1305_MAX_BLOCKS as usize,
    ];
    for round in 0..4 {
        for byte in data.iter_mut() {
            *byte = match round {
                0 => 0xff,
                1 => 0xfb,
                _ => random() as u8,
            };
        }
        for blocks in Iterator::chain(1..=66, longer) {
            let (h, r) = match round {
                0 => ([u64::MAX, u64::MAX, 4], [u64::MAX, u64::MAX]),
                1 => ([u64::MAX - 4, u64::MAX, 3], [random(), random()]),
                _ => ([random(), random(), random() % 5], [random(), random()]),
            };
            let r = [r[0] & 0x0fff_fffc_0fff_ffff, r[1] & 0x0fff_fffc_0fff_fffc];
            compare(by, h, r, data, blocks)?;
        }
    }
    Ok(())
}

/// Goes from one state by the implementation and by the portable code, and then on from both.
#[inline(never)]
fn compare(
    by: Direct,
    h: [u64; 3],
    r: [u64; 2],
    data: &[u8],
    blocks: usize,
) -> Result<(), Failure> {
    let run = data.get(1..).unwrap_or_default();
    let (run, next) = run
        .split_at_checked(blocks.wrapping_mul(BLOCK_SIZE))
        .unwrap_or_default();
    let next = next.get(..BLOCK_SIZE).unwrap_or_default();
    // Both are in bounds, so there is a state.
    let start = State::from_words(h, r).ok_or(Failure::Form(0))?;

    // Twice, as a call may leave something for the next one.
    let mut expected = start;
    let mut state = start;
    twice(by, &mut state, run, blocks);
    portable(&mut expected, run);
    portable(&mut expected, run);

    let (h, new_r) = state.to_words();
    if new_r != r {
        return Err(Failure::Point(blocks));
    }
    let Some(mut state) = State::from_words(h, r) else {
        return Err(Failure::Form(blocks));
    };
    // The tag has 128 bits of the accumulator, and after another block all of them matter.
    for _ in 0..2 {
        if tag(&state) != tag(&expected) {
            return Err(Failure::Blocks(blocks));
        }
        portable(&mut state, next);
        portable(&mut expected, next);
    }
    Ok(())
}

/// Two calls with one aid. Out of line, for the size of the frame above.
#[inline(never)]
fn twice(by: Direct, state: &mut State, run: &[u8], blocks: usize) {
    let mut powers = Powers::none();
    let mut scratch = Scratch::empty();
    let mut aid = Aid {
        powers: &mut powers,
        scratch: &mut scratch,
    };
    for following in [blocks, 0] {
        aid.scratch.following = following as u64;
        let aid = (run.len() >= AIDED_SIZE).then_some(&mut aid);
        by.absorb(state, aid, run);
    }
}

/// The portable code, once: it is inlined wherever it is called.
#[inline(never)]
fn portable(state: &mut State, blocks: &[u8]) {
    state.absorb(blocks);
}

/// The tag of what is absorbed so far, under a pad of zeroes.
fn tag(state: &State) -> [u8; TAG_SIZE] {
    state.tag(&[], Pad::new(&[0; KEY_SIZE]))
}
