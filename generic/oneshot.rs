// SPDX-License-Identifier: GPL-2.0 OR MIT

//! A whole message at once.

use super::accumulator::Pad;
use super::constant_time::wipe;
use super::powers::Powers;
use super::state::{absorb_run, whole_blocks, Absorb, State};
use super::{AIDED_SIZE, KEY_SIZE, TAG_SIZE};

/// The tag of `data` under the one-time key `key` (RFC 8439 section 2.5).
#[inline(always)]
#[must_use]
pub fn mac(by: &impl Absorb, key: &[u8; KEY_SIZE], data: &[u8]) -> [u8; TAG_SIZE] {
    let (blocks, last) = whole_blocks(data);
    let mut state = State::new(key);
    if blocks.len() >= AIDED_SIZE {
        let mut powers = Powers::NONE;
        absorb_run(by, &mut state, &mut powers, blocks);
        powers.wipe();
    } else if !blocks.is_empty() {
        by.absorb(&mut state, None, blocks);
    }
    let tag = state.tag(last, Pad::new(key));
    // An implementation behind a call had it in memory.
    wipe(&mut state, State::new(&[0; KEY_SIZE]));
    tag
}
