// SPDX-License-Identifier: GPL-2.0

//! The module of implementations for arm64.

#[cfg(not(target_endian = "little"))]
compile_error!(
    "this code is for little-endian arm64: build the kernel without CONFIG_CPU_BIG_ENDIAN"
);

use kernel::prelude::*;

#[path = "../include/bindings.rs"]
mod bindings;
mod code;
mod fpu;
#[path = "../generic/mod.rs"]
pub mod generic;
mod implementations;
#[path = "../include/lib_poly1305_provider.rs"]
pub mod provider;

use implementations::{Neon, Scalar};
use provider::{Candidate, Registrations};

module! {
    type: Arm64,
    name: "lib_poly1305_arm64",
    authors: ["lib_poly1305 authors"],
    description: "Poly1305 for arm64: scalar and NEON",
    license: "GPL",
    imports_ns: ["LIB_POLY1305_PROVIDER"],
}

/// What is registered while the module is loaded.
struct Arm64 {
    _registrations: Registrations,
}

impl kernel::Module for Arm64 {
    fn init(module: &'static ThisModule) -> Result<Self> {
        let candidates = [Candidate::new(Scalar), Candidate::detect::<Neon>()];
        Ok(Self {
            _registrations: Registrations::new(module, candidates)?,
        })
    }
}
