// SPDX-License-Identifier: GPL-2.0

//! The module of implementations for x86-64.

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
    type: X86,
    name: "lib_poly1305_x86",
    authors: ["lib_poly1305 authors"],
    description: "Poly1305 for x86-64: BMI2, AVX2, AVX-IFMA and AVX-512 IFMA",
    license: "GPL",
    imports_ns: ["LIB_POLY1305_PROVIDER"],
}

/// Whether the CPU has a feature that a row needs.
macro_rules! has {
    ("bmi2") => {
        // SAFETY: An FFI call without requirements.
        unsafe { bindings::lib_poly1305_x86_has_bmi2() }
    };
    ("avx2") => {
        // SAFETY: An FFI call without requirements.
        unsafe { bindings::lib_poly1305_x86_has_avx2() }
    };
    ("avx_ifma") => {
        // SAFETY: An FFI call without requirements.
        unsafe { bindings::lib_poly1305_x86_has_avx_ifma() }
    };
    ("avx512vl") => {
        // SAFETY: An FFI call without requirements.
        unsafe { bindings::lib_poly1305_x86_has_avx512vl() }
    };
    ("avx512ifma") => {
        // SAFETY: An FFI call without requirements.
        unsafe { bindings::lib_poly1305_x86_has_avx512ifma() }
    };
}

/// No CPU with AVX-512 IFMA lowers its clock as much for 512-bit registers as those without it do.
const fn is_slow() -> bool {
    false
}

implementations!(candidates);

/// What is registered while the module is loaded.
struct X86 {
    _registrations: Registrations,
}

impl kernel::Module for X86 {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Self {
            _registrations: Registrations::new(module, candidates())?,
        })
    }
}
