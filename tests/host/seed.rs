// SPDX-License-Identifier: GPL-2.0

//! The seed of this run.

use std::collections::hash_map::RandomState;
use std::env::{var, VarError};
use std::hash::BuildHasher;
use std::sync::OnceLock;

/// This says with which seed to run once more.
const SEED: &str = "LIB_POLY1305_SEED";

/// A number that differs from run to run, unless it is given.
pub(crate) fn seed() -> u64 {
    static CHOSEN: OnceLock<u64> = OnceLock::new();
    *CHOSEN.get_or_init(|| match var(SEED) {
        Err(VarError::NotPresent) => RandomState::new().hash_one(SEED),
        given => given
            .as_deref()
            .map_or(None, |seed| seed.parse().ok())
            .unwrap_or_else(|| panic!("{SEED} is {given:?}, not a number below 2^64")),
    })
}
