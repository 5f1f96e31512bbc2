// SPDX-License-Identifier: GPL-2.0 OR MIT

//! The cargo crate around [`generic`], for host tests and benchmarks.
//!
//! Kernel modules include the same files by `#[path]`, as a module of their own crate.

#![no_std]

#[path = "mod.rs"]
pub mod generic;

pub use generic::*;
