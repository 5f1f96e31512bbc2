// SPDX-License-Identifier: GPL-2.0

//! The KUnit suites.
//!
//! They call the library through its interface, as any other module does, and compare with an
//! independent implementation of RFC 8439, with the RFC's own tags, or with values calculated by
//! hand. Each test says which bug it catches.

use core::sync::atomic::Ordering;

use kernel::fmt;
use kernel::prelude::*;

#[path = "../include/bindings.rs"]
mod bindings;
#[path = "../generic/mod.rs"]
pub mod generic;
#[path = "../include/lib_poly1305.rs"]
pub mod lib_poly1305;
#[path = "../include/lib_poly1305_provider.rs"]
pub mod lib_poly1305_provider;
#[path = "../include/lib_poly1305_sg.rs"]
pub mod lib_poly1305_sg;

mod carries;
mod checker;
mod concurrency;
mod contexts;
mod device;
mod edges;
mod equivalence;
mod guarded;
mod iterators;
mod memory;
#[path = "../callers/device/message.rs"]
mod message;
mod pieces;
mod pins;
mod promises;
mod providers;
mod races;
mod random;
mod reference;
mod registers;
mod registration;
mod residue;
mod rfc8439;
mod rfc8439_vectors;
mod scatter;
mod sections;
mod seed;
mod selftest;
mod table;
mod threads;

module! {
    type: Tests,
    name: "lib_poly1305_kunit",
    authors: ["lib_poly1305 authors"],
    description: "KUnit tests of lib_poly1305",
    license: "GPL",
    imports_ns: ["LIB_POLY1305", "LIB_POLY1305_PROVIDER"],
}

/// No data: KUnit finds the suites in a section of the module.
struct Tests;

impl kernel::Module for Tests {
    fn init(module: &'static ThisModule) -> Result<Self> {
        table::MODULE.store(core::ptr::from_ref(module).cast_mut(), Ordering::Relaxed);
        pr_info!("seed={}\n", seed::seed());
        Ok(Self)
    }
}

/// Fails a test, with the values of its loop variables.
///
/// The assertions that KUnit's macro generates print no values.
fn expect(holds: bool, place: fmt::Arguments<'_>) -> Result {
    if holds {
        return Ok(());
    }
    pr_err!("failed at {}, seed={}\n", place, seed::seed());
    Err(EINVAL)
}
