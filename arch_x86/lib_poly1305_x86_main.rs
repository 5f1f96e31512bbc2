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
use provider::{is_registered, register_detected, Detected};

module! {
    type: X86,
    name: "lib_poly1305_x86",
    authors: ["lib_poly1305 authors"],
    description: "Poly1305 for x86-64: BMI2, AVX2, AVX-512 and AVX-512 IFMA",
    license: "GPL",
    imports_ns: ["LIB_POLY1305_PROVIDER"],
}

/// What is registered while the module is loaded.
///
/// They are unregistered in this order: the best one last, so that none of the others becomes
/// active in between.
struct X86 {
    bmi2: Detected<Bmi2>,
    avx2: Detected<Avx2>,
    avx512: Detected<Avx512>,
    ifma: Detected<Ifma>,
}

impl kernel::Module for X86 {
    fn init(module: &'static ThisModule) -> Result<Self> {
        // The best one first, for the same reason.
        let ifma = register_detected(module)?;
        let avx512 = register_detected(module)?;
        let avx2 = register_detected(module)?;
        let bmi2 = register_detected(module)?;
        let this = Self {
            bmi2,
            avx2,
            avx512,
            ifma,
        };
        // After all went well: a module that is refused changes nothing.
        let there = [
            is_registered(&this.bmi2),
            is_registered(&this.avx2),
            is_registered(&this.avx512),
            is_registered(&this.ifma),
        ];
        if there.contains(&true) {
            Ok(this)
        } else {
            Err(ENODEV)
        }
    }
}
