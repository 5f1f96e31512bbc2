// SPDX-License-Identifier: GPL-2.0

//! What the table of implementations costs a call: the time of whole messages by the library, and
//! by the same code without the table.
//!
//! The ways to compute take turns in small batches, so that whatever else the machine does hits
//! all of them. Differences are taken between batches of one turn.

use core::hint::black_box;

use kernel::prelude::*;

use crate::bindings;
use crate::direct::Mac;
use crate::lib_poly1305::{Pinned, KEY_SIZE, TAG_SIZE};
use crate::spread::Spread;

/// Bytes in the messages.
const LENGTHS: [usize; 5] = [16, 64, 256, 1024, 4096];

/// How many turns there are.
const TURNS: usize = 2001;

/// How many messages there are in a batch.
const CALLS: u64 = 64;

/// The ways to compute.
const WAYS: [&str; 6] = ["library", "direct", "pinned", "inlined", "pieces", "dropin"];

/// What is subtracted from what, as places in [`WAYS`].
const DIFFERENCES: [[usize; 2]; 4] = [[0, 1], [2, 1], [1, 3], [5, 4]];

/// The key's bytes.
const KEY: [u8; KEY_SIZE] = [0x5a; KEY_SIZE];

/// The clock.
pub(crate) fn cycles() -> u64 {
    // SAFETY: An FFI call without requirements.
    unsafe { bindings::lib_poly1305_bench_cycles() }
}

/// Calls the library or a function of `direct.rs`, none of which has further requirements.
#[inline(always)]
fn call(mac: Mac, data: &[u8]) -> [u8; TAG_SIZE] {
    let mut tag = [0; TAG_SIZE];
    // SAFETY: All pointers come from references that live until the call returns, to as many bytes
    // as it reads or writes.
    unsafe { mac(tag.as_mut_ptr(), KEY.as_ptr(), data.as_ptr(), data.len()) };
    tag
}

/// What is computed on.
struct Work {
    data: KVec<u8>,
    /// Whether a message has the tag of the one before in it, and so must wait for it. Otherwise
    /// the CPU works on several at once.
    chained: bool,
}

impl Work {
    /// The time of one batch, in tenths of a cycle for a message.
    #[inline(always)]
    fn time(&mut self, mac: impl Fn(&[u8]) -> [u8; TAG_SIZE]) -> i64 {
        let begin = cycles();
        for _ in 0..CALLS {
            let tag = mac(&self.data);
            if self.chained {
                self.data[..TAG_SIZE].copy_from_slice(&tag);
            } else {
                black_box(tag);
            }
        }
        (cycles().wrapping_sub(begin) * 10 / CALLS) as i64
    }
}

/// Measures one length, and says what came out, in tenths of a cycle for a message.
fn measure(pin: &Pinned, len: usize, chained: bool) -> Result {
    let how = if chained { "chained" } else { "independent" };
    let mut work = Work {
        data: KVec::from_elem(0xa5, len, GFP_KERNEL)?,
        chained,
    };
    let tag = call(bindings::lib_poly1305_mac, &work.data);
    if call(bindings::lib_poly1305_bench_direct_mac, &work.data) != tag
        || call(bindings::lib_poly1305_bench_inlined_mac, &work.data) != tag
        || call(bindings::lib_poly1305_bench_pieces_mac, &work.data) != tag
        || call(bindings::lib_poly1305_bench_dropin_mac, &work.data) != tag
        || pin.mac(&KEY, &work.data).as_bytes() != &tag
    {
        pr_err!("not all ways compute the same\n");
        return Err(EINVAL);
    }
    let mut turns = KVec::with_capacity(TURNS, GFP_KERNEL)?;
    for turn in 0..TURNS {
        let mut times = [0; WAYS.len()];
        // None is always the first one.
        for way in (0..WAYS.len()).map(|place| (turn + place) % WAYS.len()) {
            times[way] = match way {
                0 => work.time(|data| call(bindings::lib_poly1305_mac, data)),
                1 => work.time(|data| call(bindings::lib_poly1305_bench_direct_mac, data)),
                2 => work.time(|data| *pin.mac(&KEY, data).as_bytes()),
                3 => work.time(|data| call(bindings::lib_poly1305_bench_inlined_mac, data)),
                4 => work.time(|data| call(bindings::lib_poly1305_bench_pieces_mac, data)),
                _ => work.time(|data| call(bindings::lib_poly1305_bench_dropin_mac, data)),
            };
        }
        turns.push(times, GFP_KERNEL)?;
    }
    for (way, name) in WAYS.iter().enumerate() {
        let spread = Spread::of(turns.iter().map(|times| times[way]))?;
        pr_info!("cost {} {} {} {}\n", how, len, name, spread);
    }
    for [a, b] in DIFFERENCES {
        let spread = Spread::of(turns.iter().map(|times| times[a] - times[b]))?;
        pr_info!("cost {} {} {}-{} {}\n", how, len, WAYS[a], WAYS[b], spread);
    }
    Ok(())
}

/// Measures all lengths. The portable implementation must be the active one.
pub(crate) fn run() -> Result {
    let pin = Pinned::get(Some(c"generic"))?;
    if Pinned::get(None)?.name() != pin.name() {
        pr_err!("the portable implementation is not active\n");
        return Err(EBUSY);
    }
    for chained in [false, true] {
        for len in LENGTHS {
            measure(&pin, len, chained)?;
        }
    }
    Ok(())
}
