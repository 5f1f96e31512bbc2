// SPDX-License-Identifier: GPL-2.0 OR MIT

//! Portable Poly1305 ([RFC 8439] section 2.5): arithmetic and buffering, without the kernel.
//!
//! Everything here is plain integer Rust on 64-bit words. It does not allocate, fail or panic, and
//! its time depends only on lengths, never on a key or on message bytes. So it may run in any
//! context.
//!
//! Poly1305 splits the message into 16-byte little-endian blocks, sets one bit above each, and
//! evaluates the polynomial with these coefficients at the secret `r`, modulo the prime
//! `p = 2^130 - 5`. The tag is the resulting accumulator plus `s`, modulo `2^128`.
//!
//! | file | one idea |
//! |---|---|
//! | `accumulator.rs` | the interchange form of the accumulator, and the step for one block |
//! | `blocks.rs` | several blocks, and the last one |
//! | `state.rs` | what an implementation works on: the accumulator and `r` |
//! | `absorb.rs` | the trait of implementations, and the calls of a run |
//! | `context.rs` | incremental use: buffering |
//! | `oneshot.rs` | a whole message at once |
//! | `powers.rs` | the cache of powers of `r` |
//! | `limbs.rs` | conversions to limbs, for vector code |
//! | `scratch.rs` | scratch memory of implementations |
//! | `rows.rs` | types for the rows of a table of implementations |
//! | `constant_time.rs` | tag comparison, and wiping of values |
//! | `residue.rs` | wiping of the stack and of registers |
//!
//! Kernel builds check plain arithmetic operators for overflow, which would add a branch and a
//! panic to arithmetic on secrets. So only widening, wrapping and carrying operations are used, and
//! comments state the bounds that make them exact.
//!
//! [RFC 8439]: https://www.rfc-editor.org/rfc/rfc8439

mod absorb;
mod accumulator;
mod blocks;
mod constant_time;
mod context;
mod limbs;
mod oneshot;
mod powers;
mod residue;
mod scratch;
mod state;

pub use self::absorb::{Absorb, Portable, Workspace};
pub use self::accumulator::Pad;
pub use self::constant_time::{tags_equal, wipe};
pub use self::context::Context;
pub use self::limbs::{limbs, limbs_44, LIMBS};
pub use self::oneshot::mac;
pub use self::powers::{multiply_powers, LowPowers, Powers};
pub use self::residue::{clear_registers, wipe_stack};
pub use self::scratch::{Scratch, SCRATCH_WORDS};
pub use self::state::State;

/// Bytes in a block (RFC 8439 section 2.5).
pub const BLOCK_SIZE: usize = 16;

/// Bytes in a one-time key: `r`, then `s`.
pub const KEY_SIZE: usize = 32;

/// Bytes in a tag.
pub const TAG_SIZE: usize = 16;

/// The maximum number of bytes in one call of an implementation.
pub const CHUNK_SIZE: usize = 4096;

/// The calls of a run (the whole blocks of one call of the library) of at least that many bytes
/// have a [`Workspace`].
pub const WORKSPACE_MIN_SIZE: usize = 320;

/// Reads the little-endian word at `bytes[offset..]`.
///
/// `offset + 8 <= N` for every caller, so the compiler removes the bounds check.
#[inline(always)]
fn load<const N: usize>(bytes: &[u8; N], offset: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[offset..offset.wrapping_add(8)]);
    u64::from_le_bytes(word)
}
