// SPDX-License-Identifier: GPL-2.0

//! Several blocks at a time.
//!
//! | file | what it has |
//! |---|---|
//! | `steps.rs` | the steps that all of it is made of |
//! | `memory.rs` | what is kept in memory, and where |
//! | `lanes.rs` | four blocks at a time: short runs, and the end of all of them |
//! | `streams.rs` | what long runs have in common |
//! | `table.rs` | the table for long runs in AVX2 and AVX-512 |
//! | `long.rs` | long runs in AVX2 |
//! | `wide.rs` | long runs in AVX-512 |
//! | `ifma.rs` | long runs in AVX-512 IFMA |
//! | `residue.rs` | wiping of the stack and of registers |
//!
//! Each of `lanes.rs`, `long.rs`, `wide.rs` and `ifma.rs` has one loop in one block of assembly.
//! The bounds that make the arithmetic exact are proved by `proofs/run.sh`.

#[macro_use]
mod steps;
mod memory;
#[macro_use]
mod lanes;
#[macro_use]
mod streams;
mod ifma;
mod long;
mod residue;
mod table;
mod wide;

pub(crate) use self::ifma::absorb as ifma;
pub(crate) use self::lanes::absorb as short;
pub(crate) use self::long::absorb as long;
pub(crate) use self::memory::{DEPTH, DEPTH_44};
pub(crate) use self::residue::{wipe_ymm, wipe_zmm};
pub(crate) use self::wide::absorb as wide;
