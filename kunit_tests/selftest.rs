// SPDX-License-Identifier: GPL-2.0

//! Implementations that the library's self-test must refuse. Each is wrong in one way.

use core::ptr;
use core::sync::atomic::{AtomicUsize, Ordering};

use crate::bindings::{lib_poly1305_powers, lib_poly1305_state, lib_poly1305_workspace};
use crate::generic::{State, Workspace};
use crate::table::absorb;

/// A call of a wrong implementation, which has computed the right result.
struct Call<'a> {
    before: lib_poly1305_state,
    state: &'a mut lib_poly1305_state,
    data: &'a [u8],
    blocks: usize,
    workspace: Option<&'a mut Workspace<'a>>,
}

/// The data that a wrong implementation caches, if there are further calls.
const MARK: u64 = 1;

impl Call<'_> {
    /// With a workspace: the cached data, and the number of blocks left. A call that is long enough
    /// then caches data of its own.
    fn found(&mut self) -> Option<(u64, u64)> {
        let scratch = &mut *self.workspace.as_mut()?.scratch;
        let (content, following) = (scratch.cached, scratch.blocks_left);
        if self.blocks >= 20 {
            scratch.cached = if following == 0 { 0 } else { MARK };
        }
        Some((content, following))
    }

    /// With a workspace: the number of powers before this call computed all, and their address.
    fn powers(&mut self) -> Option<(u64, &mut lib_poly1305_powers)> {
        let state = State::from_words(self.before.h, self.before.r)?;
        let powers = &mut *self.workspace.as_mut()?.powers;
        // SAFETY: The layouts are the same; the number comes first, and is always there.
        let count = unsafe { ptr::from_ref(powers).cast::<u64>().read() };
        let _ = state.low_powers(powers).high_powers();
        // SAFETY: The layouts are the same, and all of them are there now.
        Some((count, unsafe { &mut *ptr::from_mut(powers).cast() }))
    }

    /// Whether this data begins a message under this key.
    fn is_known(&self, key: &[u8; 32], data: &[u8]) -> bool {
        let (h, r) = State::new(key).to_words();
        self.before.h == h && self.before.r == r && self.data.starts_with(data)
    }
}

/// A way to be wrong. Some functions change the state themselves. The others say when to be wrong;
/// then the result of the call is one too large or too small.
type Fault = fn(&mut Call<'_>) -> bool;

/// A key whose first byte is `r`, all else zero.
const fn small(r: u8) -> [u8; 32] {
    let mut key = [0; 32];
    key[0] = r;
    key
}

/// A block of ones, and the first byte of another one.
const fn ones_and(first: u8) -> [u8; 17] {
    let mut data = [0xff; 17];
    data[16] = first;
    data
}

/// Makes an accumulator too large, if it is large enough: the same number modulo 2^130 - 5.
fn enlarge(words: &mut [u64; 3]) {
    let (low, borrow) = words[0].overflowing_sub(5);
    if !borrow {
        words[0] = low;
        words[2] = words[2].wrapping_add(4);
    }
}

/// All ways. The numbers of blocks are those that no known message has.
const FAULTS: &[(&str, Fault)] = &[
    ("nothing absorbed", |call| {
        call.state.h = call.before.h;
        false
    }),
    // The tags of known messages. The comparison with the portable code would show most other
    // faults as well, but not one that is both's.
    ("RFC 8439 section 2.5.2", |call| {
        let key = b"\x85\xd6\xbe\x78\x57\x55\x6d\x33\x7f\x44\x52\xfe\x42\xd5\x06\xa8\
                    \x01\x03\x80\x8a\xfb\x0d\xb2\xfd\x4a\xbf\xf6\xaf\x41\x49\xf5\x1b";
        call.is_known(key, b"Cryptographic")
    }),
    ("RFC 8439 appendix A.3, vector 7", |call| {
        call.is_known(&small(1), &ones_and(0xf0))
    }),
    ("RFC 8439 appendix A.3, vector 8", |call| {
        call.is_known(&small(1), &ones_and(0xfb))
    }),
    ("RFC 8439 appendix A.3, vector 9", |call| {
        call.is_known(&small(2), &[0xfd])
    }),
    ("a long message of ones", |call| {
        call.is_known(&[0xff; 32], &[0xff])
    }),
    // States and blocks.
    ("the largest state by 256 blocks", |call| {
        call.blocks == 256 && call.before.h == [u64::MAX, u64::MAX, 4]
    }),
    ("the largest state", |call| {
        call.blocks == 30 && call.before.h == [u64::MAX, u64::MAX, 4]
    }),
    ("the modulus", |call| {
        call.blocks == 30 && call.before.h == [u64::MAX - 4, u64::MAX, 3]
    }),
    ("the smallest state", |call| {
        call.blocks == 30 && call.before.h == [0; 3] && call.before.r == [2, 0]
    }),
    ("blocks that are not of one byte", |call| {
        call.blocks == 30 && call.data.iter().any(|byte| *byte != call.data[0])
    }),
    ("255 blocks", |call| call.blocks == 255),
    ("odd addresses", |call| {
        call.blocks == 256 && call.before.h != [0; 3] && call.data.as_ptr().addr() % 2 == 1
    }),
    ("even addresses", |call| {
        call.blocks == 64 && call.data.as_ptr().addr() % 16 == 0
    }),
    // What comes out.
    ("what only shows in the next block", |call| {
        // A tag has 128 bits. Nothing comes after this call.
        if call.found() == Some((0, 0)) && call.blocks == 7 && call.state.h[2] < 4 {
            call.state.h[2] ^= 1;
        }
        false
    }),
    ("not in interchange form", |call| {
        enlarge(&mut call.state.h);
        false
    }),
    ("not in interchange form by all but the last call", |call| {
        if call.found().is_some_and(|(_, following)| following != 0) {
            enlarge(&mut call.state.h);
        }
        false
    }),
    ("r changed by 66 blocks", |call| {
        if call.blocks == 66 {
            call.state.r[0] ^= 4;
        }
        false
    }),
    // What there is to work with.
    ("without a workspace", |call| {
        call.blocks == 13 && call.workspace.is_none()
    }),
    ("with a workspace", |call| {
        call.blocks == 33 && call.workspace.is_some()
    }),
    ("a run in one call", |call| {
        let found = call.found();
        call.powers().is_some_and(|(count, _)| count == 0)
            && call.blocks == 47
            && found == Some((0, 0))
    }),
    ("a first call of several", |call| {
        let found = call.found();
        call.blocks == 40
            && found.is_some_and(|(content, following)| content == 0 && following != 0)
    }),
    ("a call in the middle", |call| {
        let found = call.found();
        call.blocks == 256
            && found.is_some_and(|(content, following)| content == MARK && following != 0)
    }),
    ("a last call that finds something", |call| {
        call.found() == Some((MARK, 0)) && call.blocks == 42
    }),
    ("a short last call that finds something", |call| {
        call.found() == Some((MARK, 0)) && call.blocks == 7
    }),
    ("a short last call that finds nothing", |call| {
        call.found() == Some((0, 0)) && call.blocks == 7
    }),
    ("another one's memory", |call| {
        let found = call.found();
        call.blocks == 50 && found.is_some_and(|(content, _)| ![0, MARK].contains(&content))
    }),
    ("another one's memory in a short last call", |call| {
        let found = call.found();
        call.blocks == 7 && found.is_some_and(|(content, _)| ![0, MARK].contains(&content))
    }),
    ("powers of a run before", |call| {
        let found = call.found();
        call.powers().is_some_and(|(count, _)| count != 0)
            && call.blocks == 45
            && found.is_some_and(|(content, _)| content != MARK)
    }),
    // What is left of powers.
    ("a wrong r^2", |call| {
        if let Some((_, powers)) = call.powers() {
            powers.power[0][0] ^= 1;
        }
        false
    }),
    ("a wrong r^16", |call| {
        if let Some((_, powers)) = call.powers() {
            powers.power[4][2] ^= 1;
        }
        false
    }),
    ("a wrong power in all but the first call", |call| {
        if let Some((count, powers)) = call.powers() {
            powers.power[3][1] = powers.power[3][1].wrapping_add(u64::from(count != 0));
        }
        false
    }),
    ("a power that is not in interchange form", |call| {
        if let Some((0, powers)) = call.powers() {
            enlarge(&mut powers.power[1]);
        }
        false
    }),
    ("more powers than there can be", |call| {
        if let Some((_, powers)) = call.powers() {
            powers.count = 6;
        }
        false
    }),
];

/// The way that is tried, and the number of calls.
static FAULT: AtomicUsize = AtomicUsize::new(0);
static CALLS: AtomicUsize = AtomicUsize::new(0);

/// The wrong implementation.
///
/// # Safety
///
/// As the provider's header says of `blocks`.
unsafe extern "C" fn wrong(
    state: *mut lib_poly1305_state,
    workspace: *mut lib_poly1305_workspace,
    data: *const u8,
    nblocks: usize,
) {
    CALLS.fetch_add(1, Ordering::Relaxed);
    // SAFETY: By this function's requirements; the structures have the words of the header.
    let mut call = unsafe {
        let before = state.read();
        absorb(state, data, nblocks);
        Call {
            before,
            state: &mut *state,
            data: core::slice::from_raw_parts(data, nblocks * 16),
            blocks: nblocks,
            workspace: workspace.cast::<Workspace<'_>>().as_mut(),
        }
    };
    let (_, fault) = FAULTS[FAULT.load(Ordering::Relaxed)];
    if fault(&mut call) {
        call.state.h[0] ^= 1;
    }
}

#[kernel::macros::kunit_tests(lib_poly1305_selftest)]
mod tests {
    use core::sync::atomic::Ordering;

    use kernel::prelude::*;

    use super::{wrong, CALLS, FAULT, FAULTS};
    use crate::bindings;
    use crate::expect;
    use crate::lib_poly1305_provider::wrong_results;
    use crate::table::{active, ops, register, HIGH};

    /// A message of several blocks.
    const MESSAGE: [u8; 100] = [0x5a; 100];

    /// Catches code that callers can run before it was tested, or that is tested too little.
    #[test]
    fn failing_self_test() -> Result {
        let before = active();
        let (key, mut tag) = ([0xa5; 32], [0; 16]);
        for (i, (what, _)) in FAULTS.iter().enumerate() {
            FAULT.store(i, Ordering::Relaxed);
            let ops = ops(c"kunit-wrong", HIGH, wrong);
            let calls = CALLS.load(Ordering::Relaxed);
            let result = register(&ops);
            let tested = CALLS.load(Ordering::Relaxed);
            // SAFETY: All of it is valid, as references and slices are.
            unsafe {
                bindings::lib_poly1305_mac(tag.as_mut_ptr(), key.as_ptr(), MESSAGE.as_ptr(), 100)
            };
            let called = CALLS.load(Ordering::Relaxed) != tested;
            // SAFETY: An FFI call without requirements.
            let there = unsafe { bindings::lib_poly1305_unregister(&ops) } == 0;
            expect(
                result == Err(wrong_results()) && tested > calls && !called && !there,
                fmt!("{}: {:?}", what, result),
            )?;
        }
        assert!(active() == before);
        Ok(())
    }
}
