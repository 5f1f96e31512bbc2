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

use implementations::{Avx2, Avx512, Bmi2, Detect, Ifma};
use provider::{decline, Registration};

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
    bmi2: Registered<Bmi2>,
    avx2: Registered<Avx2>,
    avx512: Registered<Avx512>,
    ifma: Registered<Ifma>,
}

/// Registers an implementation that the CPU can run.
fn register<T: Detect>(module: &'static ThisModule) -> Result<Registered<T>> {
    let Some(implementation) = T::detect() else {
        return Ok(None);
    };
    let registration = Registration::register(module, implementation);
    Ok(Some(KBox::pin_init(registration, GFP_KERNEL)?))
}

/// Declines an implementation that was not registered, and tells whether it was.
fn is_there<T: Detect>(registered: &Registered<T>) -> bool {
    if registered.is_none() {
        decline::<T>(T::WHY_NOT);
    }
    registered.is_some()
}

impl kernel::Module for X86 {
    fn init(module: &'static ThisModule) -> Result<Self> {
        // The best one first, for the same reason.
        let ifma = register(module)?;
        let avx512 = register(module)?;
        let avx2 = register(module)?;
        let bmi2 = register(module)?;
        let this = Self {
            bmi2,
            avx2,
            avx512,
            ifma,
        };
        // After all went well: a module that is refused changes nothing.
        let there = [
            is_there(&this.bmi2),
            is_there(&this.avx2),
            is_there(&this.avx512),
            is_there(&this.ifma),
        ];
        if there.contains(&true) {
            Ok(this)
        } else {
            Err(ENODEV)
        }
    }
}
