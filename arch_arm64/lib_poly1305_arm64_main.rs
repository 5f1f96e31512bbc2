// SPDX-License-Identifier: GPL-2.0

//! The module of implementations for arm64.

#[cfg(not(target_endian = "little"))]
compile_error!(
    "this code is for little-endian arm64: build the kernel without CONFIG_CPU_BIG_ENDIAN"
);

use kernel::prelude::*;

#[path = "../include/bindings.rs"]
mod bindings;
#[macro_use]
#[path = "../include/lib_poly1305_candidates.rs"]
mod candidates;
#[macro_use]
mod implementations;
mod dispatch;
mod fpu;
#[path = "../generic/mod.rs"]
pub mod generic;
#[path = "../include/lib_poly1305_provider.rs"]
pub mod provider;

use generic::{State, Workspace};
use provider::{Candidate, Detect, Implementation, Registrations};

module! {
    type: Arm64,
    name: "lib_poly1305_arm64",
    authors: ["lib_poly1305 authors"],
    description: "Poly1305 for arm64: scalar and NEON",
    license: "GPL",
    imports_ns: ["LIB_POLY1305_PROVIDER"],
}

/// Whether the CPU has a feature that a row needs.
macro_rules! has {
    ("asimd") => {
        // SAFETY: An FFI call without requirements.
        unsafe { bindings::lib_poly1305_arm64_has_neon() }
    };
}

/// Whether this CPU is slower with some implementations than with those before them.
#[inline(always)]
fn is_slow() -> bool {
    // SAFETY: An FFI call without requirements.
    unsafe { bindings::lib_poly1305_arm64_prefers_scalar() }
}

implementations!(candidates);

/// What is registered while the module is loaded.
struct Arm64 {
    _registrations: Registrations,
}

impl kernel::Module for Arm64 {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Self {
            _registrations: Registrations::new(module, candidates())?,
        })
    }
}
