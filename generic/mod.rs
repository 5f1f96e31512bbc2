// SPDX-License-Identifier: GPL-2.0 OR MIT

//! Portable Poly1305 ([RFC 8439] section 2.5): arithmetic and buffering that know no kernel.
//!
//! Everything here is plain integer Rust on 64-bit words. It allocates nothing, cannot fail and
//! cannot panic, and takes a time that depends on lengths only, never on a key or on message
//! bytes. It may therefore run in any context.
//!
//! Poly1305 takes the message as 16-byte little-endian blocks, sets one bit just above each, and
//! evaluates the polynomial with these coefficients at the secret point `r`, modulo the prime
//! `p = 2^130 - 5`. The tag is that accumulator plus the pad `s`, modulo `2^128`.
//!
//! | file | one idea |
//! |---|---|
//! | `accumulator.rs` | the interchange form of the accumulator, and the step for one block |
//! | `blocks.rs` | runs of blocks, and the last one |
//! | `state.rs` | what an implementation works on: accumulator and point |
//! | `absorb.rs` | what an implementation has to do, and runs of its calls |
//! | `context.rs` | incremental use: buffering |
//! | `oneshot.rs` | a whole message at once |
//! | `powers.rs` | powers of `r`, which a long computation keeps |
//! | `limbs.rs` | elements in limbs, as vector code takes them |
//! | `scratch.rs` | memory that an implementation works in |
//! | `constant_time.rs` | tag comparison, and wiping of values |
//! | `residue.rs` | wiping of the stack and of registers |
//!
//! Kernel builds check every plain arithmetic operator for overflow, which would put a branch and
//! a panic into secret arithmetic. So only widening, wrapping and carrying operations are used,
//! and each place states the bounds that make them exact.
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
pub use self::powers::Powers;
pub use self::residue::{clear_registers, wipe_stack};
pub use self::scratch::{Scratch, SCRATCH_WORDS};
pub use self::state::State;

/// Bytes in a block (RFC 8439 section 2.5).
pub const BLOCK_SIZE: usize = 16;

/// Bytes in a one-time key: `r`, then `s`.
pub const KEY_SIZE: usize = 32;

/// Bytes in a tag.
pub const TAG_SIZE: usize = 16;

/// Most bytes in one call of an implementation.
pub const CHUNK_SIZE: usize = 4096;

/// Bytes of a run, the whole blocks of one call of the library, from which on each call of an
/// implementation is given a [`Workspace`].
pub const WORKSPACE_MIN_SIZE: usize = 320;

/// Reads the little-endian word at `bytes[offset..]`.
///
/// `offset + 8 <= N` for every caller, known when it is compiled.
#[inline(always)]
fn load<const N: usize>(bytes: &[u8; N], offset: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[offset..offset.wrapping_add(8)]);
    u64::from_le_bytes(word)
}
