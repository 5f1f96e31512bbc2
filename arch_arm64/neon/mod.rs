// SPDX-License-Identifier: GPL-2.0

//! NEON code, eight blocks between two carries.
//!
//! A block is used as it is, in its four 32-bit words: for a power `R` of `r` there is a table of
//! the five limbs of 26 bits of `2^(32i) R`, for each word `i`, and the word is multiplied by all
//! five. So no word is taken apart, a register with a block is multiplied lane by lane with one
//! with the entries for a limb, and the lanes are parts of the same sum. There are ten
//! multiplications a block, where limbs of 26 bits on both sides would take twelve and a half.
//!
//! | file | what it has |
//! |---|---|
//! | `table.rs` | the table of `r` to `r^8`, and the memory it is in |
//! | `batches.rs` | the loop, eight blocks at a time |
//! | `residue.rs` | wiping of the stack and of registers |

#[macro_use]
mod table;
mod batches;
mod residue;

pub(crate) use batches::{absorb, BATCH};
pub(crate) use residue::wipe;
