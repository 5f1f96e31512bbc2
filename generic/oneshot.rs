// SPDX-License-Identifier: GPL-2.0 OR MIT

//! A whole message at once.

use super::accumulator::Pad;
use super::constant_time::wipe;
use super::powers::Powers;
use super::state::{absorb_whole, Absorb, State};
use super::{KEY_SIZE, TAG_SIZE};

/// The tag of `data` under the one-time key `key` (RFC 8439 section 2.5).
#[inline(always)]
#[must_use]
pub fn mac(by: &impl Absorb, key: &[u8; KEY_SIZE], data: &[u8]) -> [u8; TAG_SIZE] {
    let mut state = State::new(key);
    let mut powers = Powers::NONE;
    let last = absorb_whole(by, &mut state, &mut powers, data);
    let tag = state.tag(last, Pad::new(key));
    // An implementation behind a call had them in memory.
    powers.wipe();
    wipe(&mut state, State::new(&[0; KEY_SIZE]));
    tag
}
