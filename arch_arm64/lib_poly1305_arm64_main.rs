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
use provider::{is_registered, register_detected, Detected, Registration};

module! {
    type: Arm64,
    name: "lib_poly1305_arm64",
    authors: ["lib_poly1305 authors"],
    description: "Poly1305 for arm64: scalar and NEON",
    license: "GPL",
    imports_ns: ["LIB_POLY1305_PROVIDER"],
}

/// What is registered while the module is loaded.
///
/// They are unregistered in this order: the best one last on most CPUs, so that the other one does
/// not become active in between.
struct Arm64 {
    _scalar: Pin<KBox<Registration<Scalar>>>,
    _neon: Detected<Neon>,
}

impl kernel::Module for Arm64 {
    fn init(module: &'static ThisModule) -> Result<Self> {
        // The best one first, for the same reason.
        let neon = register_detected(module)?;
        let scalar = KBox::pin_init(Registration::register(module, Scalar), GFP_KERNEL)?;
        // After all went well: a module that is refused changes nothing.
        is_registered(&neon);
        Ok(Self {
            _scalar: scalar,
            _neon: neon,
        })
    }
}
