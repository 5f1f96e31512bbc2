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
use provider::{Implementation, Registration};

module! {
    type: X86,
    name: "lib_poly1305_x86",
    authors: ["lib_poly1305 authors"],
    description: "Poly1305 for x86-64: BMI2, AVX2, AVX-512 and AVX-512 IFMA",
    license: "GPL",
    imports_ns: ["LIB_POLY1305_PROVIDER"],
}

/// An implementation that is registered, unless it was declined.
type Registered<T> = Option<Pin<KBox<Registration<T>>>>;

/// What is registered while the module is loaded.
///
/// They are unregistered in this order: the best one last, so that none of the others becomes
/// active in between.
struct X86 {
    _bmi2: Registered<Bmi2>,
    _avx2: Registered<Avx2>,
    _avx512: Registered<Avx512>,
    _ifma: Registered<Ifma>,
}

/// Registers what was detected.
fn register<T: Implementation>(
    module: &'static ThisModule,
    detected: Result<T>,
) -> Result<Registered<T>> {
    match detected {
        Ok(implementation) => {
            let registration = Registration::register(module, implementation);
            Ok(Some(KBox::pin_init(registration, GFP_KERNEL)?))
        }
        Err(e) if e == ENODEV => Ok(None),
        Err(e) => Err(e),
    }
}

impl kernel::Module for X86 {
    fn init(module: &'static ThisModule) -> Result<Self> {
        // The best one first, for the same reason.
        let ifma = register(module, Ifma::detect())?;
        let avx512 = register(module, Avx512::detect())?;
        let avx2 = register(module, Avx2::detect())?;
        let bmi2 = register(module, Bmi2::detect())?;
        if bmi2.is_none() && avx2.is_none() {
            return Err(ENODEV);
        }
        Ok(Self {
            _bmi2: bmi2,
            _avx2: avx2,
            _avx512: avx512,
            _ifma: ifma,
        })
    }
}
