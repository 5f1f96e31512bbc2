// SPDX-License-Identifier: GPL-2.0 OR MIT

//! A whole message at once.

use super::absorb::{absorb_run, whole_blocks, Absorb};
use super::accumulator::Pad;
use super::constant_time::wipe;
use super::powers::Powers;
use super::residue::wipe_stack;
use super::state::State;
use super::{KEY_SIZE, TAG_SIZE, WORKSPACE_MIN_SIZE};

/// The tag of `data` under the one-time key `key` (RFC 8439 section 2.5).
///
/// The caller stores the tag, and then clears registers.
#[inline(always)]
#[must_use]
pub fn mac(by: &impl Absorb, key: &[u8; KEY_SIZE], data: &[u8]) -> [u8; TAG_SIZE] {
    let tag = if data.len() >= WORKSPACE_MIN_SIZE {
        long(by, key, data)
    } else {
        let tag = short(by, key, data);
        wipe_stack::<13>();
        tag
    };
    tag.to_le_bytes()
}

/// The tag of a short message, as a number, which is returned in registers. The caller wipes this
/// frame, with the state and whatever else the compiler puts there.
#[inline(never)]
fn short(by: &impl Absorb, key: &[u8; KEY_SIZE], data: &[u8]) -> u128 {
    let (blocks, last) = whole_blocks(data);
    let mut state = State::new(key);
    state.keep_in_memory();
    if !blocks.is_empty() {
        by.absorb(&mut state, None, blocks);
    }
    u128::from_le_bytes(state.tag(last, Pad::new(key)))
}

/// The tag of a long message. This frame is too large for the caller to wipe, so this wipes the
/// state and the powers.
#[inline(never)]
fn long(by: &impl Absorb, key: &[u8; KEY_SIZE], data: &[u8]) -> u128 {
    let mut state = State::new(key);
    state.keep_in_memory();
    let mut powers = Powers::none();
    let last = absorb_run(by, &mut state, &mut powers, data);
    powers.wipe();
    let tag = tag_apart(&state, key, last);
    wipe(&mut state, State::new(&[0; KEY_SIZE]));
    tag
}

/// The tag after all blocks of a message. Not inlined, to keep the frame above below the size that
/// kernel builds warn of.
#[inline(never)]
fn tag_apart(state: &State, key: &[u8; KEY_SIZE], last: &[u8]) -> u128 {
    u128::from_le_bytes(state.tag(last, Pad::new(key)))
}
