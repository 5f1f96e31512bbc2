// SPDX-License-Identifier: GPL-2.0

//! The test that an implementation must pass before callers can run it.
//!
//! Known answers show that it and the portable code compute Poly1305. A comparison with the
//! portable code shows that it does so from extreme states, over all kinds of numbers of blocks,
//! and with any workspace. Random messages would practically never lead to some of these states.

use core::mem::MaybeUninit;

use kernel::ffi::c_int;
use kernel::fmt;
use kernel::prelude::*;

use crate::bindings::LIB_POLY1305_MAX_BLOCKS;
use crate::generic::{
    Absorb, Pad, Powers, Scratch, State, Workspace, BLOCK_SIZE, CHUNK_SIZE, KEY_SIZE, TAG_SIZE,
    WORKSPACE_MIN_SIZE,
};
use crate::target::Direct;

/// What is wrong with an implementation.
pub(crate) enum Failure {
    /// Memory for the self-test ran out.
    Memory,
    /// A known tag is wrong.
    KnownAnswer(usize),
    /// The accumulator is not in interchange form.
    Form(usize),
    /// It changed `r`.
    Point(usize),
    /// The powers of `r` that it left are wrong, or there are too many.
    Powers(usize),
    /// The result for this many blocks differs from that of the portable code.
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
            Self::Powers(n) => f.write_fmt(fmt!("self-test: wrong powers of r after {n} blocks")),
            Self::Blocks(n) => f.write_fmt(fmt!("self-test: wrong result for {n} blocks")),
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Memory => ENOMEM,
            // Linux 7.2 has no constant of that for Rust.
            _ => Error::from_errno(-(kernel::bindings::ELIBBAD as c_int)),
        }
    }
}

/// Bytes of data: the longest run, at any alignment, and one more block.
const DATA: usize = (LIB_POLY1305_MAX_BLOCKS as usize + 2) * BLOCK_SIZE;

/// Tests an implementation. May sleep.
pub(crate) fn run(by: Direct) -> Result<(), Failure> {
    let mut data = KVec::from_elem(0xff, 5003, GFP_KERNEL).map_err(|_| Failure::Memory)?;
    known_answers(by, &data)?;
    data.truncate(DATA);
    same_as_portable(by, &mut data)
}

/// Compares with known tags: that of RFC 8439 section 2.5.2, those of the vectors 7 to 9 of its
/// appendix A.3, whose accumulators end around the modulus, and that of a message of several calls
/// with the largest key and bytes (docs/testing.md has Python lines that compute it).
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

/// The states and blocks of a round: each kind reaches states that the others do not.
#[derive(Clone, Copy)]
enum Kind {
    /// Everything is at its largest.
    Largest,
    /// The accumulator is the modulus.
    Modulus,
    /// The accumulator and the blocks are zero, but for the bits above the blocks, and `r` is 2.
    Smallest,
    /// Anything.
    Random,
}

/// Compares with the portable code: over all numbers of blocks that a loop over a few blocks could
/// treat differently, and some larger ones, at all alignments.
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
    let kinds = [Kind::Largest, Kind::Modulus, Kind::Smallest, Kind::Random];
    for (round, kind) in kinds.into_iter().enumerate() {
        for byte in data.iter_mut() {
            *byte = match kind {
                Kind::Largest => 0xff,
                Kind::Modulus => 0xfb,
                Kind::Smallest => 0,
                Kind::Random => random() as u8,
            };
        }
        for blocks in Iterator::chain(1..=66, longer) {
            let (h, r) = match kind {
                Kind::Largest => ([u64::MAX, u64::MAX, 4], [u64::MAX, u64::MAX]),
                Kind::Modulus => ([u64::MAX - 4, u64::MAX, 3], [random(), random()]),
                Kind::Smallest => ([0, 0, 0], [2, 0]),
                Kind::Random => ([random(), random(), random() % 5], [random(), random()]),
            };
            let r = [r[0] & 0x0fff_fffc_0fff_ffff, r[1] & 0x0fff_fffc_0fff_fffc];
            // Both are in bounds, so this is not `None`.
            let start = State::from_words(h, r).ok_or(Failure::Form(0))?;
            let at = blocks.wrapping_add(round) % BLOCK_SIZE;
            compare(by, start, data.get(at..).unwrap_or_default(), blocks)?;
        }
    }
    Ok(())
}

/// Identifies cached data of another implementation in scratch memory.
const FOREIGN: u64 = u64::MAX;

/// Absorbs blocks by the implementation and by the portable code, in calls as the library makes
/// them, and compares.
#[inline(never)]
fn compare(by: Direct, start: State, data: &[u8], blocks: usize) -> Result<(), Failure> {
    let bytes = blocks.wrapping_mul(BLOCK_SIZE);
    let (run, next) = data.split_at_checked(bytes).unwrap_or_default();
    let next = next.get(..BLOCK_SIZE).unwrap_or_default();
    let mut both = Both {
        by,
        state: start,
        expected: start,
        blocks,
    };
    if run.len() < WORKSPACE_MIN_SIZE {
        both.absorb(None, run)?;
        both.absorb(None, run)?;
    } else {
        // The last call of a run may be for less than the minimum of a run with a workspace.
        const { assert!(WORKSPACE_MIN_SIZE == 20 * BLOCK_SIZE) };
        let few = (blocks % 19).wrapping_add(1).wrapping_mul(BLOCK_SIZE);
        let last = run.get(..few).unwrap_or_default();
        let all = [run; 3];
        // All calls of a run but the last are of the full length.
        let several = all.get(..if bytes == CHUNK_SIZE { 3 } else { 2 });
        // Whether there are no powers, what the scratch memory caches, and the calls.
        let runs: [(bool, u64, &[&[u8]]); 5] = [
            (true, 0, &[run]),
            // A call may cache data for the next one.
            (true, 0, several.unwrap_or_default()),
            // Another implementation has cached data: for a call that may replace them, and for one
            // that is too short for a table.
            (false, FOREIGN, &[run, last]),
            (false, FOREIGN, &[last]),
            // The calls before have cached nothing.
            (false, 0, &[last]),
        ];
        let mut powers = Powers::none();
        for (new, content, calls) in runs {
            if new {
                both.check_powers(&powers, next)?;
                powers = Powers::none();
            }
            both.absorb_run(&mut powers, content, calls)?;
        }
        both.check_powers(&powers, next)?;
    }
    if same(both.state, both.expected, next) {
        Ok(())
    } else {
        Err(Failure::Blocks(blocks))
    }
}

/// A computation by an implementation, and by the portable code.
struct Both {
    by: Direct,
    state: State,
    expected: State,
    /// For reports of failures.
    blocks: usize,
}

impl Both {
    /// Absorbs blocks by both.
    #[inline(never)]
    fn absorb(&mut self, workspace: Option<&mut Workspace<'_>>, run: &[u8]) -> Result<(), Failure> {
        self.by.absorb(&mut self.state, workspace, run);
        portable(&mut self.expected, run);
        let (h, new_r) = self.state.to_words();
        let (_, r) = self.expected.to_words();
        if new_r != r {
            return Err(Failure::Point(self.blocks));
        }
        self.state = State::from_words(h, r).ok_or(Failure::Form(self.blocks))?;
        Ok(())
    }

    /// Checks the powers that the implementation has left.
    #[inline(never)]
    fn check_powers(&self, left: &Powers, next: &[u8]) -> Result<(), Failure> {
        if are_powers(left, self.expected, next) == Some(true) {
            Ok(())
        } else {
            Err(Failure::Powers(self.blocks))
        }
    }

    /// Absorbs the calls of a run, or the last ones of it, with `content` as the cached data.
    #[inline(never)]
    fn absorb_run(
        &mut self,
        powers: &mut Powers,
        content: u64,
        calls: &[&[u8]],
    ) -> Result<(), Failure> {
        let mut scratch = Scratch::empty();
        scratch.cached = content;
        scratch.memory.fill(MaybeUninit::new(FOREIGN));
        let mut workspace = Workspace {
            powers,
            scratch: &mut scratch,
        };
        let blocks = calls.iter().map(|call| call.len() / BLOCK_SIZE);
        let mut following = blocks.fold(0, usize::wrapping_add);
        for call in calls {
            following = following.wrapping_sub(call.len() / BLOCK_SIZE);
            workspace.scratch.blocks_left = following as u64;
            self.absorb(Some(&mut workspace), call)?;
        }
        Ok(())
    }
}

/// Whether these are powers of a state's `r`.
fn are_powers(left: &Powers, state: State, next: &[u8]) -> Option<bool> {
    let (_, r) = state.to_words();
    let mut power = State::from_words([r[0], r[1], 0], r)?;
    let mut exponent = 1;
    for (wanted, words) in left.to_words()? {
        for _ in exponent..wanted {
            power = times_r(power)?;
        }
        exponent = wanted;
        // A power may have two forms.
        if !same(State::from_words(words, r)?, power, next) {
            return Some(false);
        }
    }
    Some(true)
}

/// The product of an accumulator and `r`: a block of zeroes, without the bit above it.
fn times_r(state: State) -> Option<State> {
    let (h, r) = state.to_words();
    // Subtract 2^128, modulo 2^130 - 5.
    let h = match h[2].checked_sub(1) {
        Some(high) => [h[0], h[1], high],
        None => {
            let (low, borrow) = h[0].overflowing_sub(5);
            let (middle, borrow) = h[1].overflowing_sub(u64::from(borrow));
            [low, middle, 3 ^ u64::from(borrow)]
        }
    };
    let mut state = State::from_words(h, r)?;
    portable(&mut state, &[0; BLOCK_SIZE]);
    Some(state)
}

/// Whether two states are equal. A tag shows 128 bits of the accumulator; after another block it
/// depends on all bits.
fn same(mut a: State, mut b: State, next: &[u8]) -> bool {
    let now = tag(&a) == tag(&b);
    portable(&mut a, next);
    portable(&mut b, next);
    now && tag(&a) == tag(&b)
}

/// The portable code, not inlined, as one copy is enough.
#[inline(never)]
fn portable(state: &mut State, blocks: &[u8]) {
    state.absorb(blocks);
}

/// The tag of a state, under a pad of zeroes.
#[inline(never)]
fn tag(state: &State) -> [u8; TAG_SIZE] {
    state.tag(&[], Pad::new(&[0; KEY_SIZE]))
}
