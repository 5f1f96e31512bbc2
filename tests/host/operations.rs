// SPDX-License-Identifier: GPL-2.0

//! Sequences of calls, decoded from any bytes, with a look at each result: what the fuzzer in
//! `tests/fuzz` runs, and a test on the inputs that it has kept.

use std::mem::MaybeUninit;

use lib_poly1305_bench::{available, deny_vector_registers, Implementation};
use lib_poly1305_generic::{
    tags_equal, wipe, Context, Pad, Powers, Scratch, State, Workspace, BLOCK_SIZE, CHUNK_SIZE,
    KEY_SIZE, TAG_SIZE,
};
use num_bigint::BigUint;

use crate::big_integers::{accumulator, definition, modulus};
use crate::input::Input;
use crate::pages::Guarded;

/// Message bytes in one sequence, which bounds the time that it takes.
const BYTES: usize = 40_000;

/// Contexts of a sequence.
const CONTEXTS: usize = 3;

/// A block such that its number plus `accumulator` is, modulo `2^130 - 5`, a multiple of 2^128 plus
/// `above` minus `below`.
fn block_for_sum(accumulator: &BigUint, above: u32, below: u32) -> [u8; BLOCK_SIZE] {
    let p = modulus();
    let bit = |i: u32| BigUint::from(i) << 128u32;
    // There is a block for one of the multiples at least, but for sums next to the modulus.
    let mut blocks =
        (0..4).map(|i| (bit(i) + above + &p * 3u32 - below - bit(1) - accumulator) % &p);
    let block = blocks.rfind(|block| *block < bit(1));
    let mut bytes = block.unwrap_or_default().to_bytes_le();
    bytes.resize(BLOCK_SIZE, 0);
    std::array::from_fn(|i| bytes[i])
}

/// A context, and the message that it must be of.
#[derive(Clone)]
struct Computation {
    context: Context,
    key: [u8; KEY_SIZE],
    data: Vec<u8>,
}

impl Computation {
    fn new(key: [u8; KEY_SIZE], in_place: bool) -> Self {
        let context = if in_place {
            *Context::begin(&mut MaybeUninit::uninit(), &key)
        } else {
            Context::new(&key)
        };
        Self {
            context,
            key,
            data: vec![],
        }
    }
}

/// What sequences run on.
pub(crate) struct Machine {
    all: Vec<Implementation>,
    /// Messages are in here, so that an access beyond one ends the process.
    message: Guarded,
    key: Guarded,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self {
            all: available(),
            message: Guarded::new(BYTES),
            key: Guarded::new(KEY_SIZE),
        }
    }

    /// How many implementations there are.
    #[allow(dead_code, reason = "the fuzzer does not ask")]
    pub(crate) fn implementations(&self) -> usize {
        self.all.len()
    }

    /// Runs a sequence. Where an input says "the n-th implementation", `turn` more are counted.
    pub(crate) fn run(&mut self, bytes: &[u8], turn: usize) {
        let mut sequence = Sequence {
            machine: self,
            turn,
            input: Input::new(bytes),
            left: BYTES,
            computations: std::array::from_fn(|_| Computation::new([0; KEY_SIZE], false)),
        };
        while !sequence.input.is_empty() && sequence.left > 0 {
            sequence.call();
        }
        for at in 0..CONTEXTS {
            sequence.finish(at);
        }
    }
}

/// A sequence that is being run.
struct Sequence<'a> {
    machine: &'a mut Machine,
    turn: usize,
    input: Input<'a>,
    /// Message bytes that may still be added or computed once more.
    left: usize,
    computations: [Computation; CONTEXTS],
}

impl Sequence<'_> {
    /// The next call, or group of calls.
    fn call(&mut self) {
        let what = self.input.byte();
        let at = usize::from(what >> 4) % CONTEXTS;
        match what % 8 {
            0 => {
                let key = self.input.key();
                self.computations[at] = Computation::new(key, what & 8 != 0);
            }
            1 => self.update(at),
            2 => self.pieces(at),
            3 => self.block_for_sum(at),
            4 => {
                let from = usize::from(self.input.byte()) % CONTEXTS;
                self.computations[at] = self.computations[from].clone();
            }
            5 => self.finish(at),
            6 => self.one_shot(),
            _ => self.runs(),
        }
    }

    /// An implementation, by its place among those of this machine, and whether vector registers
    /// are denied to it.
    fn implementation(&mut self) -> (usize, bool) {
        let byte = self.input.byte();
        let at = usize::from(byte & 0x7f).wrapping_add(self.turn) % self.machine.all.len();
        (at, byte & 0x80 != 0)
    }

    /// A message of a length that is left: at the end of the pages for messages or, for some, at
    /// their beginning.
    fn message(&mut self, len: usize) -> &mut [u8] {
        let len = len.min(self.left);
        self.left -= len;
        let kind = self.input.byte();
        let place = if kind & 0x80 != 0 {
            self.machine.message.first(len)
        } else {
            self.machine.message.last(len)
        };
        self.input.fill(kind, place);
        place
    }

    /// Adds a message or, in many calls by all implementations in turn, each few bytes of it.
    fn add(&mut self, at: usize, by: usize, denied: bool, data: &[u8], each: usize) {
        let computation = &mut self.computations[at];
        deny_vector_registers(denied);
        for (i, piece) in data.chunks(each).enumerate() {
            let by = &self.machine.all[(by + i) % self.machine.all.len()];
            (by.update)(&mut computation.context, piece);
        }
        deny_vector_registers(false);
        computation.data.extend_from_slice(data);
    }

    fn update(&mut self, at: usize) {
        let (by, denied) = self.implementation();
        let len = self.input.len();
        let data: *const [u8] = self.message(len);
        // SAFETY: The pages are mapped as long as the machine is there, and not written to before
        // the next message.
        self.add(at, by, denied, unsafe { &*data }, usize::MAX);
    }

    fn pieces(&mut self, at: usize) {
        let (by, denied) = self.implementation();
        let each = 1 + usize::from(self.input.byte());
        let len = self.input.len();
        let data: *const [u8] = self.message(len);
        // SAFETY: As in `update()`.
        self.add(at, by, denied, unsafe { &*data }, each);
    }

    /// Adds the bytes that complete a block, and a block that makes a sum around a multiple of
    /// 2^128 or the modulus.
    fn block_for_sum(&mut self, at: usize) {
        let (by, denied) = self.implementation();
        let (above, below) = (self.input.byte(), self.input.byte());
        let Computation { key, data, .. } = &self.computations[at];
        let mut more = vec![0xff; data.len().next_multiple_of(BLOCK_SIZE) - data.len()];
        let before = accumulator(key, &[data, &more[..]].concat());
        more.extend(block_for_sum(&before, above.into(), below.into()));
        self.left = self.left.saturating_sub(data.len() + more.len());
        self.add(at, by, denied, &more, usize::MAX);
    }

    /// Ends a computation, which then is one under the key of all zeroes; and compares the tag
    /// with a right and with a wrong one.
    fn finish(&mut self, at: usize) {
        let after = Computation {
            context: self.computations[at].context,
            key: [0; KEY_SIZE],
            data: vec![],
        };
        let Computation { key, data, .. } = std::mem::replace(&mut self.computations[at], after);
        self.left = self.left.saturating_sub(data.len());
        let tag = self.computations[at].context.finish();
        self.check(&tag, &key, &data, "in pieces");
    }

    fn one_shot(&mut self) {
        let (by, denied) = self.implementation();
        let key = self.input.key();
        let len = self.input.len();
        let place = usize::from(self.input.byte()) % 32;
        let data: *const [u8] = self.message(len);
        let by = &self.machine.all[by];
        let mut tags = [0x5a; TAG_SIZE + 32];
        self.machine.key.last(KEY_SIZE).copy_from_slice(&key);
        deny_vector_registers(denied);
        // SAFETY: Tag, key and message are in memory of their sizes, and need no alignment.
        unsafe {
            (by.mac)(
                tags[place..].as_mut_ptr().cast(),
                self.machine.key.last(KEY_SIZE).as_ptr().cast(),
                data.cast(),
                data.len(),
            )
        };
        deny_vector_registers(false);
        let tag = tags[place..][..TAG_SIZE].try_into().unwrap();
        tags[place..][..TAG_SIZE].fill(0x5a);
        assert_eq!(tags, [0x5a; TAG_SIZE + 32], "around a tag, by {}", by.name);
        let name = by.name;
        // SAFETY: As in `update()`.
        self.check(&tag, &key, unsafe { &*data }, name);
    }

    /// A computation of one to three runs, each of which has one to four calls of any
    /// implementations, with a workspace or without.
    fn runs(&mut self) {
        let key = self.input.key();
        let mut state = State::new(&key);
        let mut powers = Powers::none();
        let mut all = vec![];
        let mut names = vec![];
        let shape = self.input.byte();
        for _ in 0..=shape % 3 {
            let calls = 1 + usize::from(self.input.byte() % 4);
            let lens: Vec<usize> = (0..calls)
                .map(|_| self.input.len().clamp(BLOCK_SIZE, CHUNK_SIZE) & !(BLOCK_SIZE - 1))
                .collect();
            if lens.iter().sum::<usize>() > self.left {
                break;
            }
            let mut scratch = Scratch::empty();
            for (i, len) in lens.iter().enumerate() {
                let (by, denied) = self.implementation();
                let chunk: *const [u8] = self.message(*len);
                // SAFETY: As in `update()`.
                let chunk = unsafe { &*chunk };
                scratch.blocks_left = lens[i + 1..].iter().sum::<usize>() as u64 / 16;
                let mut workspace = Workspace {
                    powers: &mut powers,
                    scratch: &mut scratch,
                };
                // Only all calls of a run have a workspace, or none.
                let workspace = (shape & 4 == 0).then_some(&mut workspace);
                let by = &self.machine.all[by];
                names.push((by.name, *len, denied));
                deny_vector_registers(denied);
                (by.absorb)(&mut state, workspace, chunk);
                all.extend_from_slice(chunk);
            }
            deny_vector_registers(false);
            wipe(&mut scratch.cached, 0);
        }
        let len = usize::from(shape >> 4);
        let last: *const [u8] = self.message(len);
        // SAFETY: As in `update()`.
        let last = unsafe { &*last };
        let tag = state.tag(last, Pad::new(&key));
        all.extend_from_slice(last);
        self.check(&tag, &key, &all, &format!("in runs: {names:?}"));
    }

    /// Whether it is the tag of that message, and no other one is taken for it.
    fn check(&mut self, tag: &[u8; TAG_SIZE], key: &[u8; KEY_SIZE], data: &[u8], how: &str) {
        let expected = definition(key, data);
        assert_eq!(
            tag,
            &expected,
            "{} bytes, key {key:02x?}, {how}",
            data.len()
        );
        assert!(tags_equal(tag, &expected), "the right tag is wrong");
        let mut wrong = expected;
        let bit = usize::from(self.input.byte()) % (8 * TAG_SIZE);
        wrong[bit / 8] ^= 1 << (bit % 8);
        assert!(!tags_equal(tag, &wrong), "a wrong tag is right: bit {bit}");
    }
}
