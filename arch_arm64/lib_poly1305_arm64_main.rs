// SPDX-License-Identifier: GPL-2.0

//! The module of implementations for arm64.

use kernel::prelude::*;

#[path = "../include/bindings.rs"]
mod bindings;
#[path = "../generic/mod.rs"]
pub mod generic;
#[path = "../include/lib_poly1305_provider.rs"]
pub mod provider;
mod scalar;

use provider::Registration;
use scalar::Scalar;

module! {
    type: Arm64,
    name: "lib_poly1305_arm64",
    authors: ["lib_poly1305 authors"],
    description: "Poly1305 for arm64: scalar",
    license: "GPL",
    imports_ns: ["LIB_POLY1305_PROVIDER"],
}

/// What is registered while the module is loaded.
#[pin_data]
struct Arm64 {
    #[pin]
    scalar: Registration<Scalar>,
}

impl kernel::InPlaceModule for Arm64 {
    fn init(module: &'static ThisModule) -> impl PinInit<Self, Error> {
        try_pin_init!(Self {
            scalar <- Registration::register(module, Scalar),
        })
    }
}
