// SPDX-License-Identifier: GPL-2.0 OR MIT

//! A whole message at once.

use super::accumulator::{Accumulator, Pad, Point};
use super::blocks::{absorb_blocks, absorb_last};
use super::{KEY_SIZE, TAG_SIZE};

/// The tag of `data` under the one-time key `key` (RFC 8439 section 2.5).
///
/// What it knows stays in registers: there is no context to fill or to wipe.
#[must_use]
pub fn mac(key: &[u8; KEY_SIZE], data: &[u8]) -> [u8; TAG_SIZE] {
    let r = Point::new(key);
    let (h, last) = absorb_blocks(Accumulator::ZERO, r, data);
    absorb_last(h, r, last).tag(Pad::new(key))
}
