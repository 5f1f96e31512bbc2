// SPDX-License-Identifier: GPL-2.0

//! The module of implementations for x86-64.

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

use implementations::{Avx2, Avx512, Bmi2, Ifma};
use provider::{Candidate, Registrations};

module! {
    type: X86,
    name: "lib_poly1305_x86",
    authors: ["lib_poly1305 authors"],
    description: "Poly1305 for x86-64: BMI2, AVX2, AVX-512 and AVX-512 IFMA",
    license: "GPL",
    imports_ns: ["LIB_POLY1305_PROVIDER"],
}

/// What is registered while the module is loaded.
struct X86 {
    _registrations: Registrations,
}

impl kernel::Module for X86 {
    fn init(module: &'static ThisModule) -> Result<Self> {
        let candidates = [
            Candidate::detect::<Bmi2>(),
            Candidate::detect::<Avx2>(),
            Candidate::detect::<Avx512>(),
            Candidate::detect::<Ifma>(),
        ];
        Ok(Self {
            _registrations: Registrations::new(module, candidates)?,
        })
    }
}
