// SPDX-License-Identifier: GPL-2.0

//! The library module: the exported interface over the portable implementation.

use kernel::prelude::*;

mod abi;
#[path = "../generic/mod.rs"]
pub mod generic;

/// What `internal.h` declares, made by bindgen.
#[allow(dead_code, missing_docs, non_camel_case_types, unreachable_pub)]
#[allow(clippy::undocumented_unsafe_blocks)]
mod bindings {
    include!(env!("LIB_POLY1305_BINDINGS"));
}

module! {
    type: Library,
    name: "lib_poly1305",
    authors: ["lib_poly1305 authors"],
    description: "Poly1305 message authentication (RFC 8439)",
    license: "GPL",
}

struct Library;

impl kernel::Module for Library {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        pr_info!("loaded, implementation {}\n", abi::IMPLEMENTATION);
        Ok(Self)
    }
}
