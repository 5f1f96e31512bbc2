// SPDX-License-Identifier: GPL-2.0

//! The module of implementations for x86-64.

use kernel::prelude::*;

#[path = "../include/bindings.rs"]
mod bindings;
mod bmi2;
#[path = "../generic/mod.rs"]
pub mod generic;
#[path = "../include/lib_poly1305_provider.rs"]
pub mod provider;

use bmi2::Bmi2;
use provider::{decline, Registration};

module! {
    type: X86,
    name: "lib_poly1305_x86",
    authors: ["lib_poly1305 authors"],
    description: "Poly1305 for x86-64: BMI2",
    license: "GPL",
    imports_ns: ["LIB_POLY1305_PROVIDER"],
}

/// What is registered while the module is loaded.
#[pin_data]
struct X86 {
    #[pin]
    bmi2: Registration<Bmi2>,
}

impl kernel::InPlaceModule for X86 {
    fn init(module: &'static ThisModule) -> impl PinInit<Self, Error> {
        pin_init::pin_init_scope(move || {
            let bmi2 = Bmi2::detect().ok_or_else(|| decline::<Bmi2>(c"the CPU has no BMI2"))?;
            Ok(try_pin_init!(Self {
                bmi2 <- Registration::register(module, bmi2),
            }))
        })
    }
}
