// SPDX-License-Identifier: GPL-2.0

//! What depends on a key and is left behind.
//!
//! Each call is made under two keys, with everything else as before, also the places of all memory:
//! what differs afterwards depends on the key. So no list of values is needed that must not be
//! there; there is one that says what was found.

use std::fmt::Write;
use std::mem::MaybeUninit;

use lib_poly1305_bench::Implementation;
use lib_poly1305_generic::{
    clear_registers, limbs, limbs_44, Context, Powers, Scratch, State, Workspace,
    WORKSPACE_MIN_SIZE,
};

use crate::data::{Key, Message};
use crate::observed::{observe, Left, MARK};

/// Bytes of messages: every number of blocks up to a packet's, and beyond it where something
/// changes.
fn lengths() -> impl Iterator<Item = usize> {
    let more = (0..=19).map(|blocks| 4096 + 16 * blocks);
    let around = [1536, 2032, 2048, 2064, 2112, 3056, 3072, 3088, 4080];
    (16..=1424)
        .step_by(16)
        .chain(around)
        .chain(more)
        .chain([8192, 8192 + 320])
}

/// Words that one would know again, with their names.
struct Known(Vec<(u64, String)>);

impl Known {
    /// Those of a key, and of the accumulators of a message.
    fn new(key: &Key, data: &[u8]) -> Self {
        let mut all = Self(vec![]);
        let mut state = State::new(key);
        let (_, r) = state.to_words();
        all.words("r", &r);
        all.words("5/4 r", &[r[1] + (r[1] >> 2)]);
        for (i, word) in key[16..].chunks(8).enumerate() {
            let word = u64::from_le_bytes(word.try_into().unwrap());
            all.words(&format!("s word {i}"), &[word]);
        }
        // A block of zeroes multiplies by `r` and adds `2^128 r`: from an accumulator that is less
        // by 2^128, which is in the field `h + (p - 2^128)`.
        let mut power = [r[0], r[1], 0];
        for exponent in 1..=64 {
            all.element(&format!("r^{exponent}"), power);
            power = times(power, r);
        }
        for (i, block) in data.chunks_exact(16).enumerate() {
            state.absorb(block);
            let (h, _) = state.to_words();
            all.element(&format!("the accumulator after {} blocks", i + 1), h);
        }
        all
    }

    fn words(&mut self, name: &str, words: &[u64]) {
        for word in words {
            self.0.push((*word, name.to_string()));
        }
    }

    fn element(&mut self, name: &str, words: [u64; 3]) {
        self.words(name, &words[..2]);
        let of = |limbs: &[u64], times: u64| limbs.iter().map(|l| l * times).collect::<Vec<_>>();
        let (small, large) = (limbs(&words), limbs_44(&words));
        self.words(&format!("limbs of 26 bits of {name}"), &small);
        self.words(&format!("5 limbs of 26 bits of {name}"), &of(&small, 5));
        self.words(&format!("limbs of 44 bits of {name}"), &large);
        self.words(&format!("20 limbs of 44 bits of {name}"), &of(&large, 20));
    }

    /// What a word is.
    fn name(&self, word: u64) -> String {
        let known = |word| self.0.iter().find(|(known, _)| *known == word);
        match (known(word), known(word >> 32), known(word & 0xffff_ffff)) {
            (Some((_, name)), _, _) => name.clone(),
            (_, Some((_, high)), Some((_, low))) => format!("{low}, and {high}"),
            _ => "depends on the key".to_string(),
        }
    }
}

/// The product with `r`, by the portable step: from `h - 2^128`, to which a block of zeroes adds
/// what is missing.
fn times(h: [u64; 3], r: [u64; 2]) -> [u64; 3] {
    // h - 2^128 + p, which has at most three bits above 2^128 after at most one subtraction of p.
    let less = if h[2] >= 1 {
        [h[0], h[1], h[2] - 1]
    } else {
        let (low, borrow) = h[0].overflowing_sub(5);
        let (middle, borrow) = h[1].overflowing_sub(borrow.into());
        [low, middle, 3 - u64::from(borrow)]
    };
    let mut state = State::from_words(less, r).expect("interchange form");
    state.absorb(&[0; 16]);
    state.to_words().0
}

/// Two keys that have no part in common.
fn keys() -> [Key; 2] {
    [Message::random(300, 0).key, Message::random(301, 0).key]
}

/// The registers that must be left clean: of an implementation those for vectors, as the library
/// clears the others at the end of each of its calls. (On a host, other code than that for vectors
/// uses these as well.)
#[derive(Clone, Copy)]
enum Registers {
    General,
    Vector,
}

/// Compares what calls under two keys left, and says what depends on the key.
struct Comparison {
    key: Key,
    data: Vec<u8>,
    /// How many words were found, and what they are.
    found: Vec<(usize, String)>,
    stack: Vec<u64>,
    deepest: usize,
}

impl Comparison {
    fn new() -> Self {
        Self {
            key: [0; 32],
            data: Message::random(302, 9000).data,
            found: vec![],
            stack: vec![],
            deepest: 0,
        }
    }

    /// `call` is made with each key; it gives other memory that must not depend on it.
    fn run(
        &mut self,
        what: &str,
        len: usize,
        registers: Registers,
        mut call: impl FnMut(&Key, &[u8], &mut Vec<u64>) -> (Left, Vec<u64>),
    ) {
        let keys = keys();
        let known = Known::new(&keys[0], &self.data[..len]);
        let [(a, first), (b, second)] = keys.map(|key| {
            // In the same place.
            self.key = key;
            call(&self.key, &self.data[..len], &mut self.stack)
        });
        self.deepest = self.deepest.max(a.depth());
        let mut left = a.differences(&b);
        left.extend(match registers {
            Registers::General => a.registers(&b),
            Registers::Vector => a.vectors(),
        });
        for (i, (a, b)) in first.iter().zip(&second).enumerate() {
            if a != b {
                left.push((format!("word {i} of memory"), *a));
            }
        }
        if left.is_empty() {
            return;
        }
        let mut text = format!("{what} of {len} bytes leaves {} words:", left.len());
        for (place, word) in left.iter().take(24) {
            let _ = write!(text, "\n  {word:#018x} at {place}: {}", known.name(*word));
        }
        self.found.push((left.len(), text));
    }

    /// Says what was found: where it begins, and where it is most.
    fn finish(self) {
        let count = self.found.len();
        let most = self.found.iter().max_by_key(|(words, _)| words);
        for (_, text) in self.found.iter().take(3).chain(most) {
            println!("{text}");
        }
        assert_eq!(count, 0, "lengths at which something is left");
    }
}

/// The words of a value in memory, whatever they are.
fn words_of<T>(value: &MaybeUninit<T>) -> Vec<u64> {
    let words = value.as_ptr().cast::<MaybeUninit<u64>>();
    (0..size_of::<T>() / 8)
        // SAFETY: They are inside, and `mark()` wrote all of them.
        .map(|i| unsafe { words.add(i).read_volatile().assume_init() })
        .collect()
}

/// Writes [`MARK`] to all words of memory for a value.
fn mark<T>(value: &mut MaybeUninit<T>) {
    for i in 0..size_of::<T>() / 8 {
        // SAFETY: They are inside.
        unsafe { value.as_mut_ptr().cast::<u64>().add(i).write_volatile(MARK) };
    }
}

/// Catches what an implementation leaves on the stack, in registers, and in the memory that it was
/// lent: powers in arrays, spilled words, limbs. With and without a workspace; in one call, and in a
/// second one that finds what the first one kept.
pub(crate) fn absorb(by: &Implementation) {
    let mut comparison = Comparison::new();
    let mut scratch = Box::new(Scratch::empty());
    for len in lengths().filter(|len| *len <= 4096) {
        for (with_workspace, kept) in [(false, false), (true, false), (true, true)] {
            if with_workspace && len < WORKSPACE_MIN_SIZE {
                continue;
            }
            let what = format!("a call (a workspace: {with_workspace}, the second: {kept})");
            comparison.run(&what, len, Registers::Vector, |key, data, stack| {
                *scratch = Scratch::empty();
                scratch.memory.fill(MaybeUninit::new(MARK));
                let mut powers = Powers::none();
                let mut state = State::new(key);
                if kept {
                    scratch.blocks_left = (len / 16) as u64;
                    let mut workspace = Workspace {
                        powers: &mut powers,
                        scratch: &mut scratch,
                    };
                    (by.absorb)(&mut state, Some(&mut workspace), data);
                    workspace.scratch.blocks_left = 0;
                }
                let mut workspace = Workspace {
                    powers: &mut powers,
                    scratch: &mut scratch,
                };
                let mut workspace = with_workspace.then_some(&mut workspace);
                let left = observe(stack, || {
                    (by.absorb)(&mut state, workspace.as_deref_mut(), data)
                });
                // What it says to have kept, the library wipes.
                let own = scratch.cached == 0;
                let words = scratch.memory.iter().filter(|_| own);
                // SAFETY: All were initialized above.
                (left, words.map(|w| unsafe { w.assume_init() }).collect())
            });
        }
    }
    comparison.finish();
}

/// Catches what the computation of a whole message leaves: the state, the powers, the pad and the
/// tag in its own frame.
pub(crate) fn whole_message(by: &Implementation) {
    let mut comparison = Comparison::new();
    let mut tag = Box::new([0; 16]);
    for len in lengths().flat_map(|len| [len - 3, len]) {
        comparison.run("a message", len, Registers::General, |key, data, stack| {
            let left = observe(stack, || {
                // SAFETY: References and slices are valid for what they refer to.
                unsafe { (by.mac)(&mut *tag, key, data.as_ptr(), data.len()) }
            });
            (left, vec![])
        });
    }
    comparison.finish();
}

/// Catches what a computation in pieces leaves: on the stack, after each call, and in the context
/// after the last one: powers begin with longer messages.
pub(crate) fn pieces(by: &Implementation) {
    let mut comparison = Comparison::new();
    let mut context = Box::new(MaybeUninit::uninit());
    let mut tag = Box::new([0; 16]);
    for len in lengths().flat_map(|len| [len - 3, len]) {
        for first in [0, 5] {
            let begin = |context: &mut MaybeUninit<Context>, key: &Key| {
                mark(context);
                let it = context.write(Context::new(key));
                (by.update)(it, &[7; 8][..first]);
            };
            comparison.run("an update", len, Registers::General, |key, data, stack| {
                begin(&mut context, key);
                // SAFETY: It was written just now.
                let it = unsafe { context.assume_init_mut() };
                (observe(stack, || (by.update)(it, data)), vec![])
            });
            comparison.run(
                "the end of a message",
                len,
                Registers::General,
                |key, data, stack| {
                    begin(&mut context, key);
                    // SAFETY: It was written just now.
                    let it = unsafe { context.assume_init_mut() };
                    (by.update)(it, data);
                    // As the library does it.
                    let finish = || {
                        *tag = it.finish();
                        clear_registers();
                    };
                    let left = observe(stack, finish);
                    (left, words_of(&context))
                },
            );
        }
    }
    comparison.finish();
}
